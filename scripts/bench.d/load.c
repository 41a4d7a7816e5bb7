// Asks a server for the same thing again and again, and prints how many answers it gives in a second.
// usage: load PORT REQUESTS REQUEST_FILE
#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char input[(16 << 20) + 4096];

int main(int count, char **arguments) {
  if (count != 4) fail("usage: load PORT REQUESTS REQUEST_FILE");
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (connect(connection, (struct sockaddr *)&peer, sizeof peer) != 0) fail("connect");
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  size_t size;
  char *request = read_file(arguments[3], &size);
  long requests = atol(arguments[2]);
  double begin = now();
  for (long i = 0; i < requests; i++) {
    send_all(connection, request, size);
    size_t used = 0, whole = 0;
    while (whole == 0 || used < whole) {
      ssize_t got = recv(connection, input + used, sizeof input - used - 1, 0);
      if (got <= 0) fail("the server hung up");
      input[used += (size_t)got] = 0;
      if (whole) continue;
      char *end = strstr(input, "\r\n\r\n"), *length = strcasestr(input, "Content-Length:");
      if (end && length) whole = (size_t)(end + 4 - input) + strtoul(length + 15, NULL, 10);
    }
    if (i == 0 && strncmp(input, "HTTP/1.1 20", 11) != 0) fail("the server refuses the request");
  }
  printf("%.0f\n", (double)requests / (now() - begin));
}
