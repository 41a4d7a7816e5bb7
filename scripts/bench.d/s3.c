// An S3 with one object, for downloads: tells its size, and gives ranges of it.
// usage: s3 BYTES   (prints its port)
//
// The object's bytes repeat themselves after 16 MiB, which is also the longest range.
#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERIOD = 16 << 20 };

static char *bytes;
static long long size;

static void tell(const struct request *request) {
  char text[512];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\nContent-Length: %lld\r\nETag: \"bench\"\r\nAccept-Ranges: bytes\r\n"
                        "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: binary/octet-stream\r\n\r\n",
                        size);
  send_all(request->connection, text, (size_t)length);
}

static void give(const struct request *request) {
  long long first = 0, last = size - 1;
  const char *range = header(request, "Range");
  if (!range || sscanf(range, "bytes=%lld-%lld", &first, &last) < 1) fail("a GET without a range");
  if (last >= size) last = size - 1;
  if (first < 0 || last < first || last - first >= PERIOD) fail("a range that is none");
  char headers[512];
  snprintf(headers, sizeof headers,
           "Content-Range: bytes %lld-%lld/%lld\r\nETag: \"bench\"\r\nAccept-Ranges: bytes\r\n"
           "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: binary/octet-stream\r\n",
           first, last, size);
  answer(request->connection, 206, headers, bytes + first % PERIOD, (size_t)(last - first + 1));
}

static void handle(const struct request *request) {
  if (strcmp(request->method, "HEAD") == 0) tell(request);
  else give(request);
}

int main(int count, char **arguments) {
  if (count != 2 || (size = atoll(arguments[1])) < 1) fail("usage: s3 BYTES");
  go_first();
  bytes = malloc(2 * PERIOD);
  if (!bytes) fail("no memory");
  for (unsigned i = 0, state = 1; i < PERIOD; i++) {
    state = state * 1664525 + 1013904223;
    bytes[i] = bytes[i + PERIOD] = (char)(state >> 24);
  }
  int port, listener = listen_on_loopback(&port);
  printf("%d\n", port);
  fflush(stdout);
  serve(listener, handle, NULL);
}
