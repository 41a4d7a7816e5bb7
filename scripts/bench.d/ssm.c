// A Systems Manager for a fleet that is read from a file: parameters page by page, commands that end after their time.
// usage: ssm FLEET_FILE DELAY_MS [RECORD_FILE]   (prints its port; GET /stats tells what it was asked; GET /reset forgets it)
//
// A line of the file: REGION NAME INSTANCE EIP PRIVATE_IP SECONDS OUTPUT, parted by tabs; OUTPUT is what the command
// prints, as a JSON string. The answers hold every field that the service's do. RECORD_FILE gets the body of each
// SendCommand, one a line. A GET of any other path is S3's: it gets FLEET_FILE.topology.json.
#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct instance { char *field[7]; };
struct region { const char *name; int *instances, count; };
struct invocation { unsigned command; int instance; double end; char comment[128]; };
struct delayed { double due; int connection, status; char *body; size_t size; };

enum { MAXIMUM_INSTANCES = 4096, MAXIMUM_REGIONS = 8, MAXIMUM_COMMANDS = 1 << 16, MAXIMUM_DELAYED = 1 << 13 };
enum { REGION, NAME, INSTANCE, EIP, PRIVATE_IP, SECONDS, OUTPUT };
// The service's: parameters and invocations of a page, instances of a command, characters of an output in a list.
enum { TYPES = 3, PAGE = 10, LIST_PAGE = 50, TARGETS = 50, LISTED_OUTPUT = 2500 };
static const char *const types[TYPES] = {"instance-id", "outside-eip", "outside-private-ip"};
static const char *const operations[] = {"GetParametersByPath", "GetParameter", "SendCommand", "GetCommandInvocation",
                                         "DescribeInstanceInformation", "ListCommandInvocations"};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static struct instance fleet[MAXIMUM_INSTANCES];
static struct region regions[MAXIMUM_REGIONS];
static int by_id[MAXIMUM_INSTANCES], fleet_size, region_count;
static struct invocation invocations[MAXIMUM_COMMANDS];  // those of one command lie side by side
static unsigned invocation_count, command_count, first_of[MAXIMUM_COMMANDS];
static struct delayed queue[MAXIMUM_DELAYED];  // all wait equally long, so the first in is the first out
static unsigned first_delayed, delayed_count, counts[OPERATIONS];
static double delay, begun_at, discovered_at;
static size_t received, largest_command;
static FILE *record;
static char *topology;
static size_t topology_size;

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

static int compare_ids(const void *left, const void *right) {
  return strcmp(fleet[*(const int *)left].field[INSTANCE], fleet[*(const int *)right].field[INSTANCE]);
}

static int compare_with_id(const void *id, const void *place) { return strcmp(id, fleet[*(const int *)place].field[INSTANCE]); }

// The number of an instance of a region; -1 where there is none.
static int find_instance(const char *id, const char *region) {
  const int *found = bsearch(id, by_id, (size_t)fleet_size, sizeof *by_id, compare_with_id);
  return found && is_in(&fleet[*found], region) ? *found : -1;
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

// The token is the number of the region's next parameter.
static void get_parameters_by_path(FILE *out, const char *region, const char *body) {
  char token[32];
  int number = text_field(body, "NextToken", token, sizeof token) ? atoi(token) : 0, end = number + PAGE, count = 0;
  const struct region *own = NULL;
  for (int i = 0; i < region_count; i++)
    if (strncmp(regions[i].name, region, strlen(regions[i].name)) == 0) own = &regions[i];
  if (own) count = own->count * TYPES;
  fputs("{\"Parameters\":[", out);
  for (const char *separator = ""; number < end && number < count; number++, separator = ",") {
    fputs(separator, out);
    print_parameter(out, &fleet[own->instances[number / TYPES]], number % TYPES);
  }
  fputs("]", out);
  if (number < count) fprintf(out, ",\"NextToken\":\"%d\"", number);
  fputs("}", out);
  discovered_at = now() + delay;
}

static int refuse(FILE *out, const char *type) {
  fprintf(out, "{\"__type\":\"%s\"}", type);
  return 400;
}

static int get_parameter(FILE *out, const char *region, const char *body) {
  char name[256], full[256];
  if (!text_field(body, "Name", name, sizeof name)) return 400;
  for (int i = 0; i < fleet_size; i++)
    for (int type = 0; type < TYPES; type++) {
      snprintf(full, sizeof full, "/sdwan/%s/%s", fleet[i].field[NAME], types[type]);
      if (!is_in(&fleet[i], region) || strcmp(full, name) != 0) continue;
      fputs("{\"Parameter\":", out);
      print_parameter(out, &fleet[i], type);
      fputs("}", out);
      discovered_at = now() + delay;
      return 200;
    }
  return refuse(out, "ParameterNotFound");
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

static int send_command(FILE *out, const char *region, const char *body, size_t size) {
  char id[64], comment[sizeof invocations->comment] = "";
  const char *parameters = strstr(body, "\"Parameters\""), *ids = strstr(body, "\"InstanceIds\""), *begin = ids;
  text_field(body, "Comment", comment, sizeof comment);
  if (!parameters || !ids || !(ids = strchr(ids, '['))) return refuse(out, "ValidationException");
  unsigned first = invocation_count;
  if (command_count == MAXIMUM_COMMANDS) fail("too many commands");
  for (begin = ids++; *ids && *ids != ']'; ids += strcspn(ids, ",]"), ids += *ids == ',') {
    snprintf(id, sizeof id, "%.*s", (int)strcspn(ids + 1, "\""), ids + 1);
    int instance = find_instance(id, region);
    if (instance < 0 || invocation_count - first == TARGETS) return invocation_count = first, refuse(out, "InvalidInstanceId");
    if (invocation_count == MAXIMUM_COMMANDS) fail("too many invocations");
    struct invocation *one = &invocations[invocation_count++];
    *one = (struct invocation){command_count, instance, now() + atof(fleet[instance].field[SECONDS]), ""};
    memcpy(one->comment, comment, sizeof comment);
  }
  if (invocation_count == first) return refuse(out, "InvalidInstanceId");
  first_of[command_count] = first;
  if (size > largest_command) largest_command = size;
  if (record) fprintf(record, "%s\n", body), fflush(record);
  parameters = strchr(parameters, '{');
  fprintf(out,
          "{\"Command\":{\"CommandId\":\"%08x-0000-4000-8000-000000000000\",\"DocumentName\":\"AWS-RunShellScript\","
          "\"DocumentVersion\":\"$DEFAULT\",\"Comment\":\"%s\",\"ExpiresAfter\":1.8E9,\"Parameters\":%.*s,"
          "\"InstanceIds\":%.*s],\"Targets\":[],\"RequestedDateTime\":1.7E9,\"Status\":\"Pending\","
          "\"StatusDetails\":\"Pending\",\"OutputS3BucketName\":\"\",\"OutputS3KeyPrefix\":\"\",\"MaxConcurrency\":"
          "\"50\",\"MaxErrors\":\"0\",\"TargetCount\":%u,\"CompletedCount\":0,\"ErrorCount\":0,"
          "\"DeliveryTimedOutCount\":0,\"TimeoutSeconds\":60}}",
          command_count++, comment, (int)object_size(parameters), parameters, (int)(ids - begin), begin,
          invocation_count - first);
  return 200;
}

// An invocation by the ids of its command and its instance; NULL where there is none.
static const struct invocation *find_invocation(const char *body) {
  char id[64], instance[64];
  if (!text_field(body, "CommandId", id, sizeof id) || !text_field(body, "InstanceId", instance, sizeof instance)) return NULL;
  unsigned long command = strtoul(id, NULL, 16);
  if (command >= command_count) return NULL;
  for (unsigned i = first_of[command]; i < invocation_count && invocations[i].command == command; i++)
    if (strcmp(fleet[invocations[i].instance].field[INSTANCE], instance) == 0) return &invocations[i];
  return NULL;
}

static int get_command_invocation(FILE *out, const char *body) {
  const struct invocation *one = find_invocation(body);
  if (!one) return refuse(out, "InvocationDoesNotExist");
  int ended = now() >= one->end;
  const char *status = ended ? "Success" : "InProgress";
  fprintf(out,
          "{\"CommandId\":\"%08x-0000-4000-8000-000000000000\",\"InstanceId\":\"%s\",\"Comment\":\"%s\","
          "\"DocumentName\":\"AWS-RunShellScript\","
          "\"DocumentVersion\":\"$DEFAULT\",\"PluginName\":\"aws:runShellScript\",\"ResponseCode\":%d,"
          "\"ExecutionStartDateTime\":\"2026-01-01T00:00:00.000Z\",\"ExecutionElapsedTime\":\"PT1S\","
          "\"ExecutionEndDateTime\":\"2026-01-01T00:00:01.000Z\",\"Status\":\"%s\",\"StatusDetails\":\"%s\","
          "\"StandardOutputContent\":%s,\"StandardOutputUrl\":\"\",\"StandardErrorContent\":\"\","
          "\"StandardErrorUrl\":\"\",\"CloudWatchOutputConfig\":{\"CloudWatchLogGroupName\":\"\","
          "\"CloudWatchOutputEnabled\":false}}",
          one->command, fleet[one->instance].field[INSTANCE], one->comment, ended ? 0 : -1, status, status,
          ended ? fleet[one->instance].field[OUTPUT] : "\"\"");
  return 200;
}

// A JSON string as a list shows it: cut where it has more characters, of which an escaped one and a UTF-8 one are one each.
static void print_listed(FILE *out, const char *quoted) {
  static const char cut[] = "\\n--output truncated--";
  size_t size = strlen(quoted), at = 1, kept = 0;
  for (int characters = 0; at < size - 1 && characters <= LISTED_OUTPUT; characters++) {
    if (characters == LISTED_OUTPUT - (int)sizeof cut + 2) kept = at;
    at += quoted[at] == '\\' ? (quoted[at + 1] == 'u' ? 6 : 2) : 1;
    while (((unsigned char)quoted[at] & 0xC0) == 0x80) at++;
  }
  if (at >= size - 1) fputs(quoted, out);
  else fprintf(out, "%.*s%s\"", (int)kept, quoted, cut);
}

// The newest first. The token is the number of the last one that was told. Nothing was sent before the benchmark began, so
// InvokedAfter, the one filter that it knows, admits all.
static int list_command_invocations(FILE *out, const char *region, const char *body) {
  char token[32], id[64], key[32], most[32];
  unsigned at = text_field(body, "NextToken", token, sizeof token) ? (unsigned)atol(token) : invocation_count;
  int page = text_field(body, "MaxResults", most, sizeof most) ? atoi(most) : LIST_PAGE, told = 0;
  int is_one = text_field(body, "CommandId", id, sizeof id) != NULL, has_details = strstr(body, "\"Details\":true") != NULL;
  if (page < 1 || page > LIST_PAGE || at > invocation_count) return refuse(out, "ValidationException");
  if (text_field(body, "key", key, sizeof key) && strcmp(key, "InvokedAfter") != 0) return refuse(out, "InvalidFilterKey");
  unsigned long wanted = is_one ? strtoul(id, NULL, 16) : 0;
  fputs("{\"CommandInvocations\":[", out);
  while (at-- > 0) {
    const struct invocation *one = &invocations[at];
    if (!is_in(&fleet[one->instance], region) || (is_one && one->command != wanted)) continue;
    if (told == page) break;
    int ended = now() >= one->end;
    const char *status = ended ? "Success" : "InProgress";
    fprintf(out,
            "%s{\"CommandId\":\"%08x-0000-4000-8000-000000000000\",\"InstanceId\":\"%s\",\"InstanceName\":\"\","
            "\"Comment\":\"%s\",\"DocumentName\":\"AWS-RunShellScript\",\"DocumentVersion\":\"$DEFAULT\","
            "\"RequestedDateTime\":1.7E9,\"Status\":\"%s\",\"StatusDetails\":\"%s\",\"StandardOutputUrl\":\"\","
            "\"StandardErrorUrl\":\"\",\"ServiceRole\":\"\",\"NotificationConfig\":{\"NotificationArn\":\"\","
            "\"NotificationEvents\":[],\"NotificationType\":\"\"},\"CloudWatchOutputConfig\":"
            "{\"CloudWatchLogGroupName\":\"\",\"CloudWatchOutputEnabled\":false},\"CommandPlugins\":[",
            told++ ? "," : "", one->command, fleet[one->instance].field[INSTANCE], one->comment, status, status);
    if (has_details) {
      fprintf(out,
              "{\"Name\":\"aws:runShellScript\",\"Status\":\"%s\",\"StatusDetails\":\"%s\",\"ResponseCode\":%d,"
              "\"ResponseStartDateTime\":1.7E9,\"ResponseFinishDateTime\":1.7E9,\"StandardOutputUrl\":\"\","
              "\"StandardErrorUrl\":\"\",\"OutputS3Region\":\"%s\",\"OutputS3BucketName\":\"\","
              "\"OutputS3KeyPrefix\":\"\",\"Output\":",
              status, status, ended ? 0 : -1, fleet[one->instance].field[REGION]);
      print_listed(out, ended ? fleet[one->instance].field[OUTPUT] : "\"\"");
      fputs("}", out);
    }
    fputs("]}", out);
  }
  fputs("]", out);
  if (at != (unsigned)-1) fprintf(out, ",\"NextToken\":\"%u\"", at + 1);
  fputs("}", out);
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
  char text[1024];
  int size = snprintf(text, sizeof text, "{\"begun_at\": %.6f, \"discovered_at\": %.6f, \"received\": %zu, \"largest_command\": %zu",
                      begun_at, discovered_at, received, largest_command);
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
    command_count = invocation_count = 0;
    received = largest_command = 0;
    begun_at = discovered_at = 0;
    return answer(request->connection, 200, "", "", 0);
  }
  received += request->size;
  if (topology && strcmp(request->method, "GET") == 0) return answer(request->connection, 200, "ETag: \"1\"\r\n", topology, topology_size);
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
    case 2: status = send_command(out, region, text, request->body_size); break;
    case 3: status = get_command_invocation(out, text); break;
    case 4: describe_instance_information(out, text); break;
    case 5: status = list_command_invocations(out, region, text); break;
  }
  free(text);
  reply(request->connection, status, out, &body, &size);
}

static void read_fleet(const char *file) {
  size_t size;
  char *lines = read_file(file, &size), *line;
  while ((line = strsep(&lines, "\n")) && *line) {
    if (fleet_size == MAXIMUM_INSTANCES) fail("too many instances");
    for (int i = 0; i < 7; i++) fleet[fleet_size].field[i] = strsep(&line, "\t");
    const char *name = fleet[fleet_size].field[REGION];
    int place = 0;
    while (place < region_count && strcmp(regions[place].name, name) != 0) place++;
    if (place == MAXIMUM_REGIONS) fail("too many regions");
    if (place == region_count) regions[region_count++] = (struct region){name, calloc(MAXIMUM_INSTANCES, sizeof(int)), 0};
    if (!regions[place].instances) fail("no memory");
    regions[place].instances[regions[place].count++] = by_id[fleet_size] = fleet_size;
    fleet_size++;
  }
  qsort(by_id, (size_t)fleet_size, sizeof *by_id, compare_ids);
}

int main(int count, char **arguments) {
  if (count != 3 && count != 4) fail("usage: ssm FLEET_FILE DELAY_MS [RECORD_FILE]");
  go_first();
  read_fleet(arguments[1]);
  delay = atof(arguments[2]) / 1000;
  if (count == 4 && !(record = fopen(arguments[3], "w"))) fail(arguments[3]);
  char file[4096];
  snprintf(file, sizeof file, "%s.topology.json", arguments[1]);
  if (access(file, R_OK) == 0) topology = read_file(file, &topology_size);
  int port, listener = listen_on_loopback(&port);
  printf("%d\n", port);
  fflush(stdout);
  serve(listener, handle, answer_due);
}
