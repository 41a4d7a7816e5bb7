// The least of HTTP/1.1 that the benchmark's servers and clients need: one thread, epoll, persistent connections.
#pragma once
#include <stddef.h>

struct request {
  int connection;
  const char *method, *path, *head;  // `head`: the header lines, ending with an empty one
  const char *body;  // of a chunked request the chunks put together
  size_t body_size, size;  // `size`: of the whole request, as it was sent
};

// A socket that listens on a free port of the loopback interface; the port goes to `port`.
int listen_on_loopback(int *port);

// Calls `handle` for every request that arrives on the listener's connections, and `tick` whenever its milliseconds
// (-1: never) are over; ends once `handle` or `tick` asks for it.
void serve(int listener, void (*handle)(const struct request *), int (*tick)(void));
void stop_serving(void);

// Sends an answer; `headers` are whole lines or empty.
void answer(int connection, int status, const char *headers, const char *body, size_t size);

// The value of a header, up to its line's end; NULL when it is missing.
const char *header(const struct request *request, const char *name);

// Goes before whatever else the machine does, for this program and those that it starts, where that is allowed.
void go_first(void);

// Seconds of the monotonic clock.
double now(void);

// Writes everything, or ends the program.
void send_all(int socket, const void *bytes, size_t size);

// Ends the program with a message.
_Noreturn void fail(const char *what);

// The whole of a file, ended by a NUL.
char *read_file(const char *path, size_t *size);
