// Runs a Lambda bootstrap under a Runtime API of its own and prints what it took, as one line of JSON.
// usage: measure EVENT_FILE INVOCATIONS PROGRAM_CPU RESULT_FILE PROGRAM [ARGUMENT…]
//
// The program is pinned to PROGRAM_CPU (-1: not); its CPU time and peak RSS are what wait4 says, its CPU per warm
// invocation is the difference of its CPU clock over all invocations but the first tenth. With no invocation it ends when
// it asks for the first. MEASURE_SIGNAL=TERM in the environment asks it to end, so that a tool around it can say its last
// words; otherwise it is killed.
#define _GNU_SOURCE
#include "http.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARMED_UP = 1000 };

static char *event;
static size_t event_size;
static long invocations, begun, done, errors;
static const char *result_file;
static double first_next, first_response, last_response, warm_start, warm_cpu_start, warm_end, warm_cpu_end;
static double warmed_rss, last_rss;
static volatile double executed;
static pid_t program;

static double cpu_of_program(void) {
  clockid_t clock;
  struct timespec time = {0};
  if (clock_getcpuclockid(program, &clock) != 0 || clock_gettime(clock, &time) != 0) fail("the program's CPU clock");
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// What the program has in memory now, in MiB.
static double rss_of_program(void) {
  char path[64];
  long pages = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", (int)program);
  FILE *file = fopen(path, "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) fail(path);
  fclose(file);
  return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void hand_out(const struct request *request) {
  if (begun == 0) first_next = now();
  if (begun == invocations / 10) warm_start = now(), warm_cpu_start = cpu_of_program();
  if (begun == invocations) {
    warm_end = now(), warm_cpu_end = cpu_of_program(), last_rss = rss_of_program();
    return stop_serving();
  }
  if (begun == WARMED_UP) warmed_rss = rss_of_program();
  char headers[512];
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  snprintf(headers, sizeof headers,
           "Content-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-%012ld\r\n"
           "Lambda-Runtime-Deadline-Ms: %lld\r\nLambda-Runtime-Trace-Id: Root=1-67891233-%024lx\r\n"
           "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n",
           begun + 1, (long long)time.tv_sec * 1000 + 900000, begun + 1);
  begun++;
  answer(request->connection, 200, headers, event, event_size);
}

static void take_result(const struct request *request) {
  last_response = now();
  if (++done == 1) first_response = last_response;
  if (strstr(request->path, "/error")) errors++;
  if (done == invocations) {
    FILE *file = fopen(result_file, "wb");
    if (!file || fwrite(request->body, 1, request->body_size, file) != request->body_size) fail(result_file);
    fclose(file);
  }
  static const char accepted[] = "{\"status\":\"OK\"}";
  answer(request->connection, 202, "Content-Type: application/json\r\n", accepted, sizeof accepted - 1);
}

static void handle(const struct request *request) {
  if (strcmp(request->path, "/2018-06-01/runtime/invocation/next") == 0) return hand_out(request);
  if (strncmp(request->path, "/2018-06-01/runtime/invocation/", 31) == 0) return take_result(request);
  fail(request->path);
}

// A program that ends early would otherwise be waited for without end.
static int look_after_program(void) {
  siginfo_t information = {0};
  waitid(P_PID, (id_t)program, &information, WEXITED | WNOHANG | WNOWAIT);
  if (information.si_pid) fail("the program ended early");
  return 1000;
}

static void start_program(char **arguments, int cpu, int port) {
  char address[32];
  snprintf(address, sizeof address, "127.0.0.1:%d", port);
  setenv("AWS_LAMBDA_RUNTIME_API", address, 1);
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET((size_t)(cpu < 0 ? 0 : cpu), &cpus);
  program = vfork();
  if (program == 0) {
    if (cpu >= 0) sched_setaffinity(0, sizeof cpus, &cpus);
    dup2(STDERR_FILENO, STDOUT_FILENO);  // its log must not get between our lines
    executed = now();
    execvp(arguments[0], arguments);
    _exit(127);
  }
}

int main(int count, char **arguments) {
  if (count < 6) fail("usage: measure EVENT_FILE INVOCATIONS PROGRAM_CPU RESULT_FILE PROGRAM [ARGUMENT…]");
  go_first();
  event = read_file(arguments[1], &event_size);
  invocations = atol(arguments[2]);
  result_file = arguments[4];
  int port, listener = listen_on_loopback(&port);
  start_program(arguments + 5, atoi(arguments[3]), port);
  serve(listener, handle, look_after_program);
  const char *ending = getenv("MEASURE_SIGNAL");
  kill(program, ending && strcmp(ending, "TERM") == 0 ? SIGTERM : SIGKILL);
  struct rusage usage, own;
  wait4(program, NULL, 0, &usage);
  getrusage(RUSAGE_SELF, &own);
  double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  double warm = invocations ? (double)(invocations - invocations / 10) : 1;
  printf("{\"next_ms\": %.3f, \"response_ms\": %.3f, \"cpu_ms\": %.3f, \"rss_mb\": %.2f, \"errors\": %ld, "
         "\"warm_us\": %.3f, \"warm_cpu_us\": %.3f, \"responded_at\": %.6f, \"warmed_rss_mb\": %.3f, \"last_rss_mb\": %.3f}\n",
         (first_next - executed) * 1e3, (first_response - executed) * 1e3, cpu * 1e3, (double)usage.ru_maxrss / 1024,
         errors, (warm_end - warm_start) / warm * 1e6, (warm_cpu_end - warm_cpu_start) / warm * 1e6, last_response,
         warmed_rss, last_rss);
}
