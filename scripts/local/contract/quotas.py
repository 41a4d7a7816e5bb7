"""Lambda's quotas (its developer guide, "Lambda quotas"), and one of API Gateway's, in bytes and seconds."""

ENVIRONMENT = 4096  # a function's own variables as JSON
PAYLOAD = 6 * 1024 * 1024  # the event of a synchronous invocation
ANSWER = PAYLOAD + 100  # what its Runtime API takes
EVENT = 1024 * 1024  # the event of an asynchronous one
UNPACKED = 250 * 1024 * 1024  # a package
LONGEST = 900  # an invocation
START = 10  # a start: a longer one is begun anew, in the invocation's time
REQUEST = 10 * 1024 * 1024  # what API Gateway takes as a body
