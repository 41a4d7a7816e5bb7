# The synchronous machine's definition, put together from the parts in state-machine/. The other one is the engine's
# (modules/rollout).

locals {
  parts = "${path.module}/state-machine"

  # In this order. A phase's pause leads to the next phase; the last one has none, and its verdict
  # decides the execution's end whatever on_partial_failure says.
  phase_order = [
    { name = "phase1", wait_seconds = var.phase1_wait_seconds, following = "Phase2" },
    { name = "phase2", wait_seconds = var.phase2_wait_seconds, following = "Phase3" },
    { name = "phase3", wait_seconds = null, following = null },
  ]
  phase_states = [
    for phase in local.phase_order : merge(phase, {
      state        = title(phase.name)
      function_arn = aws_lambda_function.phase[phase.name].arn
      next         = phase.following == null ? "Succeeded" : "${title(phase.name)}Wait"
      stops        = phase.following == null || var.on_partial_failure == "stop"
      retry        = trimspace(file("${local.parts}/retry.json"))
    })
  ]

  # What an execution's input may not be: refused in the first state, by name. A field that is null counts as absent.
  # progress was once the machine's own.
  given_own_fields = "$filter($keys($states.input), function($field) { $field in ['progress'] and $not($lookup($states.input, $field) = null) })"
  input_refusals = [
    {
      state     = "InputNoObject"
      condition = "$not($type($states.input) = 'object')"
      cause     = "'the input must be a JSON object, such as {} or {\"start_at\": \"phase2\"}, and not ' & $substring($string($states.input), 0, 200)"
    },
    {
      state     = "InputReserved"
      condition = "$count(${local.given_own_fields}) > 0"
      cause     = "$join(${local.given_own_fields}, ', ') & ': the state machine itself sets this; leave it out of the input'"
    },
  ]

  synchronous_parts = flatten([
    templatefile("${local.parts}/start.json.tftpl", {
      refusals = local.input_refusals
      starts   = local.phase_states
      unknown  = trimspace(templatefile("${local.parts}/start-unknown.jsonata.tftpl", { names = local.phase_order[*].name }))
    }),
    [for refusal in local.input_refusals : templatefile("${local.parts}/refusal.json.tftpl", refusal)],
    [for phase in local.phase_states : [
      templatefile("${local.parts}/phase-synchronous.json.tftpl", phase),
      templatefile("${local.parts}/verdict.json.tftpl", phase),
    ]],
    file("${local.parts}/described-error.json.tftpl"),
  ])

  synchronous_definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    start = "Start"
    parts = [for part in local.synchronous_parts : trimspace(part)]
  })
}
