// A Systems Manager for a fleet that is read from a file: parameters page by page, commands that end after their time.
// usage: ssm FLEET_FILE DELAY_MS   (prints its port; GET /stats tells what it was asked; GET /reset forgets it)
//
// A line of the file: REGION NAME INSTANCE EIP PRIVATE_IP SECONDS OUTPUT, parted by tabs; OUTPUT is what the command
// prints, as a JSON string. The answers hold every field that the service's do.
#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct instance { char *field[7]; };
struct command { int instance; double end; };
struct delayed { double due; int connection, status; char *body; size_t size; };

enum { MAXIMUM_INSTANCES = 4096, MAXIMUM_COMMANDS = 1 << 16, MAXIMUM_DELAYED = 1 << 12 };
enum { REGION, NAME, INSTANCE, EIP, PRIVATE_IP, SECONDS, OUTPUT };
static const char *const types[] = {"instance-id", "outside-eip", "outside-private-ip"};
static const char *const operations[] = {"GetParametersByPath", "GetParameter", "SendCommand", "GetCommandInvocation",
                                         "DescribeInstanceInformation"};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static struct instance fleet[MAXIMUM_INSTANCES];
static struct command commands[MAXIMUM_COMMANDS];
static struct delayed queue[MAXIMUM_DELAYED];  // all wait equally long, so the first in is the first out
static unsigned first_delayed, delayed_count, fleet_size, command_count, counts[OPERATIONS];
static double delay, begun_at, discovered_at;

static void reply(int connection, int status, FILE *stream, char **body, size_t *size) {
  fclose(stream);
  if (delay == 0) {
    answer(connection, status, "Content-Type: application/x-amz-json-1.1\r\n", *body, *size);
    free(*body);
    return;
  }
  if (delayed_count == MAXIMUM_DELAYED) fail("too many requests at once");
  queue[(first_delayed + delayed_count++) % MAXIMUM_DELAYED] =
      (struct delayed){now() + delay, connection, status, *body, *size};
}

static int answer_due(void) {
  while (delayed_count) {
    struct delayed *next = &queue[first_delayed];
    double left = next->due - now();
    if (left > 0) return (int)(left * 1000) + 1;
    answer(next->connection, next->status, "Content-Type: application/x-amz-json-1.1\r\n", next->body, next->size);
    free(next->body);
    first_delayed = (first_delayed + 1) % MAXIMUM_DELAYED;
    delayed_count--;
  }
  return -1;
}

static void print_parameter(FILE *out, const struct instance *one, int type) {
  char *const *field = one->field;
  fprintf(out,
          "{\"Name\":\"/sdwan/%s/%s\",\"Type\":\"String\",\"Value\":\"%s\",\"Version\":1,\"LastModifiedDate\":1.7E9,"
          "\"ARN\":\"arn:aws:ssm:%s:123456789012:parameter/sdwan/%s/%s\",\"DataType\":\"text\"}",
          field[NAME], types[type], field[INSTANCE + type], field[REGION], field[NAME], types[type]);
}

static int is_in(const struct instance *one, const char *region) {
  size_t length = strlen(one->field[REGION]);
  return strncmp(one->field[REGION], region, length) == 0 && region[length] == '/';
}

// The text of a string field; the benchmark's clients escape nothing in those that are asked for.
static const char *text_field(const char *body, const char *name, char *text, size_t size) {
  char key[64];
  snprintf(key, sizeof key, "\"%s\"", name);
  const char *at = strstr(body, key);
  if (!at) return NULL;
  at += strlen(key);
  at += strspn(at, ": [\"");
  snprintf(text, size, "%.*s", (int)strcspn(at, "\""), at);
  return text;
}

// A page holds ten parameters; the token is the number of the region's next one.
static void get_parameters_by_path(FILE *out, const char *region, const char *body) {
  char token[32];
  long begin = text_field(body, "NextToken", token, sizeof token) ? atol(token) : 0, number = 0;
  fputs("{\"Parameters\":[", out);
  for (unsigned i = 0; i < fleet_size; i++) {
    if (!is_in(&fleet[i], region)) continue;
    for (int type = 0; type < 3; type++, number++) {
      if (number < begin || number >= begin + 10) continue;
      if (number > begin) fputc(',', out);
      print_parameter(out, &fleet[i], type);
    }
  }
  fputs("]", out);
  if (number > begin + 10) fprintf(out, ",\"NextToken\":\"%ld\"", begin + 10);
  fputs("}", out);
  discovered_at = now() + delay;
}

static int get_parameter(FILE *out, const char *region, const char *body) {
  char name[256], full[256];
  if (!text_field(body, "Name", name, sizeof name)) return 400;
  for (unsigned i = 0; i < fleet_size; i++)
    for (int type = 0; type < 3; type++) {
      snprintf(full, sizeof full, "/sdwan/%s/%s", fleet[i].field[NAME], types[type]);
      if (!is_in(&fleet[i], region) || strcmp(full, name) != 0) continue;
      fputs("{\"Parameter\":", out);
      print_parameter(out, &fleet[i], type);
      fputs("}", out);
      discovered_at = now() + delay;
      return 200;
    }
  fputs("{\"__type\":\"ParameterNotFound\"}", out);
  return 400;
}

// The JSON object that begins at `text`, its braces counted outside of strings.
static size_t object_size(const char *text) {
  int depth = 0, quoted = 0;
  for (const char *at = text; *at; at++) {
    if (quoted && *at == '\\') at++;
    else if (*at == '"') quoted = !quoted;
    else if (!quoted && *at == '{') depth++;
    else if (!quoted && *at == '}' && --depth == 0) return (size_t)(at + 1 - text);
  }
  return 0;
}

static int send_command(FILE *out, const char *region, const char *body) {
  char instance[64], comment[128] = "";
  const char *parameters = strstr(body, "\"Parameters\"");
  text_field(body, "InstanceIds", instance, sizeof instance);
  text_field(body, "Comment", comment, sizeof comment);
  for (unsigned i = 0; i < fleet_size && parameters; i++) {
    if (!is_in(&fleet[i], region) || strcmp(fleet[i].field[INSTANCE], instance) != 0) continue;
    if (command_count == MAXIMUM_COMMANDS) fail("too many commands");
    double end = now() + atof(fleet[i].field[SECONDS]);
    commands[command_count] = (struct command){(int)i, end};
    parameters = strchr(parameters, '{');
    fprintf(out,
            "{\"Command\":{\"CommandId\":\"%08x-0000-4000-8000-000000000000\",\"DocumentName\":\"AWS-RunShellScript\","
            "\"DocumentVersion\":\"$DEFAULT\",\"Comment\":\"%s\",\"ExpiresAfter\":1.8E9,\"Parameters\":%.*s,"
            "\"InstanceIds\":[\"%s\"],\"Targets\":[],\"RequestedDateTime\":1.7E9,\"Status\":\"Pending\","
            "\"StatusDetails\":\"Pending\",\"OutputS3BucketName\":\"\",\"OutputS3KeyPrefix\":\"\",\"MaxConcurrency\":"
            "\"50\",\"MaxErrors\":\"0\",\"TargetCount\":1,\"CompletedCount\":0,\"ErrorCount\":0,"
            "\"DeliveryTimedOutCount\":0,\"TimeoutSeconds\":60}}",
            command_count++, comment, (int)object_size(parameters), parameters, instance);
    return 200;
  }
  fputs("{\"__type\":\"InvalidInstanceId\"}", out);
  return 400;
}

static int get_command_invocation(FILE *out, const char *body) {
  char id[64], instance[64];
  if (!text_field(body, "CommandId", id, sizeof id) || !text_field(body, "InstanceId", instance, sizeof instance))
    return 400;
  unsigned long number = strtoul(id, NULL, 16);
  if (number >= command_count || strcmp(fleet[commands[number].instance].field[INSTANCE], instance) != 0) {
    fputs("{\"__type\":\"InvocationDoesNotExist\"}", out);
    return 400;
  }
  int ended = now() >= commands[number].end;
  const char *status = ended ? "Success" : "InProgress";
  fprintf(out,
          "{\"CommandId\":\"%s\",\"InstanceId\":\"%s\",\"Comment\":\"\",\"DocumentName\":\"AWS-RunShellScript\","
          "\"DocumentVersion\":\"$DEFAULT\",\"PluginName\":\"aws:runShellScript\",\"ResponseCode\":%d,"
          "\"ExecutionStartDateTime\":\"2026-01-01T00:00:00.000Z\",\"ExecutionElapsedTime\":\"PT1S\","
          "\"ExecutionEndDateTime\":\"2026-01-01T00:00:01.000Z\",\"Status\":\"%s\",\"StatusDetails\":\"%s\","
          "\"StandardOutputContent\":%s,\"StandardOutputUrl\":\"\",\"StandardErrorContent\":\"\","
          "\"StandardErrorUrl\":\"\",\"CloudWatchOutputConfig\":{\"CloudWatchLogGroupName\":\"\","
          "\"CloudWatchOutputEnabled\":false}}",
          id, instance, ended ? 0 : -1, status, status,
          ended ? fleet[commands[number].instance].field[OUTPUT] : "\"\"");
  return 200;
}

// Every instance that is asked for is online.
static void describe_instance_information(FILE *out, const char *body) {
  const char *separator = "";
  fputs("{\"InstanceInformationList\":[", out);
  for (const char *at = body; (at = strstr(at, "\"i-")); at++) {
    fprintf(out,
            "%s{\"InstanceId\":\"%.*s\",\"PingStatus\":\"Online\",\"LastPingDateTime\":1.7E9,\"AgentVersion\":"
            "\"3.3.0.0\",\"IsLatestVersion\":true,\"PlatformType\":\"Linux\",\"PlatformName\":\"Ubuntu\","
            "\"PlatformVersion\":\"22.04\",\"ResourceType\":\"EC2Instance\"}",
            separator, (int)strcspn(at + 1, "\""), at + 1);
    separator = ",";
  }
  fputs("]}", out);
}

static void tell_stats(int connection) {
  char text[512];
  int size = snprintf(text, sizeof text, "{\"begun_at\": %.6f, \"discovered_at\": %.6f", begun_at, discovered_at);
  for (int i = 0; i < OPERATIONS; i++)
    size += snprintf(text + size, sizeof text - (size_t)size, ", \"%s\": %u", operations[i], counts[i]);
  size += snprintf(text + size, sizeof text - (size_t)size, "}");
  answer(connection, 200, "", text, (size_t)size);
}

static int is_word(const char *line, const char *word) {
  return strncmp(line, word, strlen(word)) == 0 && line[strlen(word)] == '\r';
}

static void handle(const struct request *request) {
  if (strcmp(request->path, "/stats") == 0) return tell_stats(request->connection);
  if (strcmp(request->path, "/reset") == 0) {
    memset(counts, 0, sizeof counts);
    command_count = 0;
    begun_at = discovered_at = 0;
    return answer(request->connection, 200, "", "", 0);
  }
  const char *target = header(request, "X-Amz-Target"), *authorization = header(request, "Authorization");
  if (!target || !authorization || strncmp(target, "AmazonSSM.", 10) != 0) fail("a request that is not for SSM");
  // Credential=KEY/DATE/REGION/ssm/aws4_request
  const char *region = strchr(strchr(authorization, '/') + 1, '/') + 1;
  // The body is followed by what comes next on the connection, or by nothing yet.
  char *text = strndup(request->body, request->body_size), *body = NULL;
  size_t size;
  int operation = 0, status = 200;
  while (operation < OPERATIONS && !is_word(target + 10, operations[operation])) operation++;
  if (operation == OPERATIONS) fail("an operation that is not known");
  if (begun_at == 0) begun_at = now();
  counts[operation]++;
  FILE *out = open_memstream(&body, &size);
  switch (operation) {
    case 0: get_parameters_by_path(out, region, text); break;
    case 1: status = get_parameter(out, region, text); break;
    case 2: status = send_command(out, region, text); break;
    case 3: status = get_command_invocation(out, text); break;
    case 4: describe_instance_information(out, text); break;
  }
  free(text);
  reply(request->connection, status, out, &body, &size);
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage: ssm FLEET_FILE DELAY_MS");
  go_first();
  size_t size;
  char *lines = read_file(arguments[1], &size), *line;
  while ((line = strsep(&lines, "\n")) && *line) {
    if (fleet_size == MAXIMUM_INSTANCES) fail("too many instances");
    for (int i = 0; i < 7; i++) fleet[fleet_size].field[i] = strsep(&line, "\t");
    fleet_size++;
  }
  delay = atof(arguments[2]) / 1000;
  int port, listener = listen_on_loopback(&port);
  printf("%d\n", port);
  fflush(stdout);
  serve(listener, handle, answer_due);
}
