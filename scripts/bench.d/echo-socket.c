// An echo function over raw sockets: what the kernel and the benchmark's Runtime API allow at all.
#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char input[1 << 20];

// Reads one answer; its body begins at the returned place.
static char *read_answer(int socket, size_t *body_size) {
  size_t used = 0;
  for (;;) {
    ssize_t got = recv(socket, input + used, sizeof input - used - 1, 0);
    if (got <= 0) exit(0);
    input[used += (size_t)got] = 0;
    char *end = strstr(input, "\r\n\r\n"), *length = strcasestr(input, "Content-Length:");
    if (!end || !length) continue;
    *body_size = strtoul(length + 15, NULL, 10);
    if (used >= (size_t)(end + 4 - input) + *body_size) return end + 4;
  }
}

int main(void) {
  char address[64], head[512];
  const char *host = getenv("AWS_LAMBDA_RUNTIME_API");
  if (!host) fail("AWS_LAMBDA_RUNTIME_API");
  snprintf(address, sizeof address, "%s", host);
  char *colon = strchr(address, ':');
  *colon = 0;
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
  inet_pton(AF_INET, address, &peer.sin_addr);
  int connection = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (connect(connection, (struct sockaddr *)&peer, sizeof peer) != 0) fail("connect");
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (;;) {
    size_t size;
    static const char next[] = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(connection, next, sizeof next - 1);
    char *body = read_answer(connection, &size);
    char *id = strcasestr(input, "Lambda-Runtime-Aws-Request-Id: ") + 31;
    int length = snprintf(head, sizeof head,
                          "POST /2018-06-01/runtime/invocation/%.36s/response HTTP/1.1\r\nHost: x\r\n"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", id, size);
    // The head goes where the answer's was, right in front of the body: one system call.
    send_all(connection, memcpy(body - length, head, (size_t)length), (size_t)length + size);
    read_answer(connection, &size);
  }
}
