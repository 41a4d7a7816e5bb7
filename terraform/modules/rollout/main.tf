# The rollout engine: a state machine whose waves are data. It is the same for everything that is rolled out; what a
# deployment has of its own are its functions, its steps and its words.

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.name

  # By the steps, because what a definition names need not be known yet.
  is_rollout = length(var.steps) > 0

  # Steps as the machine reads them, in JSON: with their functions' ARNs, and without what they do not have.
  steps = [for step in concat(var.steps, var.undo == null ? [] : [var.undo]) : jsonencode({
    for field, value in merge(step, { function = lookup(var.functions, step.function, "") }) : field => value if value != null
  })]

  # Fields that the machine gives a step's function. One that came with the input would be believed, or be lost.
  own_fields = ["action", "execution", "maxConcurrency", "reached", "retry_count", "state", "step", "timeout", "wave"]

  # What passes is tried again: a call that Lambda did not take, and a function that died. A dead function's retry
  # finds by their marks what it has sent.
  retry = [
    {
      ErrorEquals = [
        "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException", "Lambda.ClientExecutionTimeoutException",
      ]
      IntervalSeconds = 2
      MaxAttempts     = 8
      BackoffRate     = 2.0
      MaxDelaySeconds = 60
      JitterStrategy  = "FULL"
    },
    {
      ErrorEquals     = ["Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout"]
      IntervalSeconds = 10
      MaxAttempts     = 3
      BackoffRate     = 2.0
      MaxDelaySeconds = 60
      JitterStrategy  = "FULL"
    },
  ]

  # What an error says: of a function's answer its message, else the cause as it is. Without alternatives inside a
  # repetition, which some engines can't apply to a long text.
  error_words = <<-JSONATA
    (
      $cause := $states.errorOutput.Cause;
      $message := $match($cause, /"errorMessage":\s*"([^\\"]*(?:\\.[^\\"]*)*)"/)[0].groups[0];
      $substring($exists($message) ? $parse('"' & $message & '"') : $exists($cause) ? $cause : 'no cause was given', 0, 1000)
    )
  JSONATA

  # Line breaks inside a text are for the template's readers only: JSON has none.
  rollout_definition = replace(templatefile("${path.module}/rollout.asl.json.tftpl", {
    partition        = local.partition
    name             = var.name
    title            = var.title
    source           = var.event_source
    items            = var.items
    admission        = lookup(var.functions, var.admission, "")
    steps            = "[${join(", ", slice(local.steps, 0, length(var.steps)))}]"
    undo             = var.undo == null ? "{}" : local.steps[length(var.steps)]
    reserved         = replace(jsonencode(local.own_fields), "\"", "'")
    retry            = jsonencode(local.retry)
    words            = trimsuffix(trimprefix(jsonencode(trimspace(local.error_words)), "\""), "\"")
    approval_timeout = var.approval_timeout_seconds
    max_concurrency  = var.max_concurrency
    command_timeout  = 600
    history          = var.history_table ? local.history_table : null

    # A Lambda function runs for 15 minutes at most.
    call_timeout = 960
    # A day; a function that wants to be asked later is asked then.
    longest_pause = 86400

    # An execution ends when its history has 25,000 events. At 22,500 the engine ends it itself, so that it can still say
    # how a hundred waves have ended.
    most_waves  = 100
    most_events = 22500
    events_of   = { wave = 40, step = 30, poll = 9, attempt = 3 }

    # Of all outcomes together, so that the cause stays below 30,000 bytes; and what each wave has at least.
    most_bytes   = 28000
    least_bytes  = 240
    most_names   = 20
    longest_text = 600
  }), "/\\n\\s*/", " ")
}
