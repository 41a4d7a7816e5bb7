#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_CONNECTIONS = 4096, LARGEST_CHUNK = 64 << 20 };

// What of a request has arrived, by file descriptor.
static struct { char *bytes; size_t used, size; } inputs[MAXIMUM_CONNECTIONS];
static int stopping;

_Noreturn void fail(const char *what) {
  fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, errno ? strerror(errno) : "failed");
  exit(1);
}

void go_first(void) { setpriority(PRIO_PROCESS, 0, -20); }

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) fail(path);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (!bytes || fread(bytes, 1, *size, file) != *size) fail(path);
  bytes[*size] = 0;
  fclose(file);
  return bytes;
}

int listen_on_loopback(int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, MAXIMUM_CONNECTIONS) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) != 0)
    fail("listen");
  *port = ntohs(address.sin_port);
  return listener;
}

void send_all(int socket, const void *bytes, size_t size) {
  for (const char *at = bytes; size > 0;) {
    ssize_t sent = send(socket, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // it is gone; its end is seen on reading
    if (sent < 0) fail("send");
    at += sent;
    size -= (size_t)sent;
  }
}

void answer(int connection, int status, const char *headers, const char *body, size_t size) {
  char head[1024];
  int length = snprintf(head, sizeof head, "HTTP/1.1 %d -\r\nContent-Length: %zu\r\n%s\r\n", status, size, headers);
  struct iovec parts[] = {{head, (size_t)length}, {(void *)body, size}};
  ssize_t sent = writev(connection, parts, 2);
  if (sent < 0) sent = 0;
  size_t done = (size_t)sent;
  if (done < (size_t)length) send_all(connection, head + done, (size_t)length - done), done = (size_t)length;
  if (done < (size_t)length + size) send_all(connection, body + (done - (size_t)length), (size_t)length + size - done);
}

const char *header(const struct request *request, const char *name) {
  size_t length = strlen(name);
  for (const char *line = request->head; *line && *line != '\r'; line = strchr(line, '\n') + 1)
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line + length + 1 + strspn(line + length + 1, " ");
  return NULL;
}

void stop_serving(void) { stopping = 1; }

// Walks over a chunked body (RFC 9112, 7.1). Where it has all arrived: how many bytes it and its trailers take, and in `size`
// those that it means, with `decode` put together at its beginning; otherwise 0.
static size_t chunked(char *bytes, size_t arrived, size_t *size, int decode) {
  size_t at = 0;
  for (*size = 0;;) {
    char *line_end = memmem(bytes + at, arrived - at, "\r\n", 2), *digits_end;
    if (!line_end) return 0;
    size_t chunk = strtoul(bytes + at, &digits_end, 16);
    if (!isxdigit((unsigned char)bytes[at]) || !strchr("\r; \t", *digits_end) || chunk > LARGEST_CHUNK) fail("a chunk's size");
    at = (size_t)(line_end + 2 - bytes);
    if (chunk == 0) break;
    if (arrived - at < chunk + 2) return 0;
    if (memcmp(bytes + at + chunk, "\r\n", 2) != 0) fail("a chunk that is longer than it says");
    if (decode) memmove(bytes + *size, bytes + at, chunk);
    *size += chunk;
    at += chunk + 2;
  }
  for (;;) {  // the trailers end with an empty line
    char *line_end = memmem(bytes + at, arrived - at, "\r\n", 2);
    if (!line_end) return 0;
    int is_empty = line_end == bytes + at;
    at = (size_t)(line_end + 2 - bytes);
    if (is_empty) return at;
  }
}

// How many bytes a request's body takes, of those that have arrived; -1 where some are still to come. Fills in the body's size.
static ssize_t take_body(struct request *request, char *body, size_t arrived) {
  const char *length = header(request, "Content-Length"), *coding = header(request, "Transfer-Encoding");
  if (coding) {
    if (length || strncasecmp(coding, "chunked\r", 8) != 0) fail("a request whose length nobody knows");
    if (!chunked(body, arrived, &request->body_size, 0)) return -1;
    return (ssize_t)chunked(body, arrived, &request->body_size, 1);
  }
  request->body_size = length ? strtoul(length, NULL, 10) : 0;
  return arrived < request->body_size ? -1 : (ssize_t)request->body_size;
}

// Handles the whole requests at the beginning of what has arrived.
static void handle_input(int fd, void (*handle)(const struct request *)) {
  while (inputs[fd].used && !stopping) {
    char *bytes = inputs[fd].bytes;
    char *end = memmem(bytes, inputs[fd].used, "\r\n\r\n", 4);
    if (!end) return;
    struct request request = {.connection = fd, .method = bytes, .body = end + 4};
    char after_head = end[2];
    end[2] = 0;
    char *line_end = strchr(bytes, '\r');
    request.head = line_end + 2;
    size_t head_size = (size_t)(end + 4 - bytes);
    ssize_t body_size = take_body(&request, end + 4, inputs[fd].used - head_size);
    if (body_size < 0) {
      end[2] = after_head;
      return;
    }
    request.size = head_size + (size_t)body_size;
    char *path = strchr(bytes, ' ');
    *path++ = 0;
    *strchr(path, ' ') = 0;
    request.path = path;
    handle(&request);
    memmove(bytes, bytes + request.size, inputs[fd].used -= request.size);
  }
}

static int receive(int fd) {
  if (inputs[fd].size - inputs[fd].used < 1 << 16) {
    inputs[fd].size = inputs[fd].size * 2 + (1 << 17);
    inputs[fd].bytes = realloc(inputs[fd].bytes, inputs[fd].size);
    if (!inputs[fd].bytes) fail("realloc");
  }
  ssize_t got = recv(fd, inputs[fd].bytes + inputs[fd].used, inputs[fd].size - inputs[fd].used, 0);
  if (got > 0) inputs[fd].used += (size_t)got;
  return got > 0;
}

void serve(int listener, void (*handle)(const struct request *), int (*tick)(void)) {
  int poller = epoll_create1(EPOLL_CLOEXEC), on = 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  stopping = 0;
  while (!stopping) {
    int count = epoll_wait(poller, events, 64, tick ? tick() : -1);
    for (int i = 0; i < count && !stopping; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0 || fd >= MAXIMUM_CONNECTIONS) fail("accept");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        inputs[fd].used = 0;
        event.data.fd = fd;
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
      } else if (receive(fd)) {
        handle_input(fd, handle);
      } else {
        close(fd);
      }
    }
  }
  close(poller);
}
