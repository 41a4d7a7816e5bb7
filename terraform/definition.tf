# The state machine's definition, put together from the parts in state-machine/.

locals {
  parts = "${path.module}/state-machine"

  # In this order. A phase's pause leads to the next phase; the last one has none, and its verdict
  # decides the execution's end whatever on_partial_failure says.
  phase_order = [
    { name = "phase1", wait_seconds = var.phase1_wait_seconds, following = "Phase2" },
    { name = "phase2", wait_seconds = var.phase2_wait_seconds, following = "Phase3" },
    { name = "phase3", wait_seconds = null, following = null },
  ]
  # retry_dead: a function that died. Its retry finds by their marks what it has sent; without marks, in the
  # synchronous machine, that would be sent again.
  phase_states = [
    for phase in local.phase_order : merge(phase, {
      state        = title(phase.name)
      function_arn = aws_lambda_function.phase[phase.name].arn
      next         = phase.following == null ? "Succeeded" : "${title(phase.name)}Wait"
      stops        = phase.following == null || var.on_partial_failure == "stop"
      retry        = trimspace(file("${local.parts}/retry.json"))
      retry_dead   = trimspace(file("${local.parts}/retry-polling.json"))
      progress     = trimspace(templatefile("${local.parts}/progress.jsonata.tftpl", phase))
    })
  ]

  synchronous_parts = flatten([
    local.start_part,
    local.refusal_parts,
    [for phase in local.phase_states : [
      templatefile("${local.parts}/phase-synchronous.json.tftpl", phase),
      templatefile("${local.parts}/verdict.json.tftpl", phase),
    ]],
    file("${local.parts}/described-error.json.tftpl"),
  ])

  polling_phases = [
    for phase in local.phase_states : merge(phase, {
      output    = trimspace(templatefile("${local.parts}/phase-output.jsonata.tftpl", phase))
      entry     = "${phase.state}${local.announces ? "Announced" : ""}"
      reported  = "${phase.state}${local.announces ? "Reported" : "Verdict"}"
      following = phase.following == null ? null : "${phase.following}${local.announces ? "Announced" : ""}"
      next      = phase.following == null && local.announces ? "ExecutionCompleted" : phase.next
      }, {
      for field, fails in { arguments = false, failing_arguments = true } :
      field => trimspace(templatefile("${local.parts}/phase-arguments.jsonata.tftpl", merge(phase, {
        event     = "$sift($states.input, function($value, $field) { $field != 'progress' })"
        execution = "$states.context.Execution.Id"
        timeout   = var.phase_timeouts[phase.name]
        fails     = fails
      })))
    })
  ]
  polling_parts = flatten([
    local.start_part,
    local.refusal_parts,
    local.event_parts,
    [for phase in local.polling_phases : [
      templatefile("${local.parts}/phase-polling.json.tftpl", phase),
      templatefile("${local.parts}/verdict.json.tftpl", phase),
    ]],
  ])

  # Approvals are asked for by an event.
  sends_events = local.announces || anytrue(var.waves[*].pauseBefore)

  machine = length(var.waves) > 0 ? "waves" : var.orchestration
  definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    start = local.announces ? "ExecutionStarted" : local.machine == "waves" ? "Input" : "Start"
    parts = [for part in {
      synchronous = local.synchronous_parts
      polling     = local.polling_parts
      waves       = local.wave_parts
    }[local.machine] : trimspace(part)]
  })
}
