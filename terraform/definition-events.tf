# The states that tell EventBridge how far an execution is; docs/events.md describes the events.

locals {
  announces = var.orchestration == "polling" && var.events_enabled

  phase_ended_type = {
    for phase in local.phase_order : phase.name => phase.following == null ? "SD-WAN verification" : "{% $sum($states.input.${
    local.machine == "waves" ? phase.name : "${phase.name}_result"}.fail_count) = 0 ? 'SD-WAN phase completed' : 'SD-WAN phase failed' %}"
  }

  polling_events = concat(
    [
      { state = "ExecutionStarted", type = "SD-WAN execution started", detail = "{}", next = "Start" },
      { state = "ExecutionCompleted", type = "SD-WAN execution completed", detail = "{}", next = "Succeeded" },
    ],
    flatten([for phase in local.phase_states : [
      { state = "${phase.state}Announced", type = "SD-WAN phase started", detail = "{ 'phase': '${phase.name}' }", next = phase.state },
      {
        state  = "${phase.state}Reported", type = local.phase_ended_type[phase.name], next = "${phase.state}Verdict"
        detail = "$sift($states.input.${phase.name}_result, function($value, $field) { $field != 'results' })"
      },
    ]])
  )

  wave_events = concat(
    [
      { state = "ExecutionStarted", type = "SD-WAN execution started", detail = "{}", next = "Input" },
      {
        state  = "ExecutionEnded", type = "{% $states.input.status = 'COMPLETED' ? 'SD-WAN execution completed' : 'SD-WAN execution failed' %}"
        detail = "{ 'status': $states.input.status, 'waves': $states.input.waves }", next = "RolledOut"
      },
    ],
    flatten([for wave in local.waves : concat(
      [
        { state = "${wave.name}.started", type = "SD-WAN wave started", detail = "{ 'wave': '${wave.name}' }", next = wave.first },
        {
          state  = "${wave.name}.ended", type = "{% 'SD-WAN wave ' & $lowercase($states.input.rollout.waves[-1].status) %}", next = wave.next
          detail = "{ 'wave': '${wave.name}', 'reason': $states.input.rollout.waves[-1].reason }"
        },
      ],
      wave.onFailure != "rollback" ? [] : [{
        state  = "${wave.name}.rollback-reported", type = "SD-WAN rollback", next = "${wave.name}.failed"
        detail = "{ 'wave': '${wave.name}', 'reason': $states.input.reason }"
      }],
      [for phase in local.phase_states : {
        state  = "${wave.name}.${phase.name}.announced", type = "SD-WAN phase started", next = "${wave.name}.${phase.name}"
        detail = "{ 'wave': '${wave.name}', 'phase': '${phase.name}' }"
      }],
      [for phase in local.phase_states : {
        state  = "${wave.name}.${phase.name}.reported", type = local.phase_ended_type[phase.name], next = "${wave.name}.${phase.name}.verdict"
        detail = "{ 'wave': '${wave.name}', 'phase': '${phase.name}', 'success_count': $sum($states.input.${phase.name}.success_count), 'fail_count': $sum($states.input.${phase.name}.fail_count), 'failed': [$states.input.${phase.name}.failed] }"
      }],
    )]),
    local.command_events,
  )

  event_parts = [
    for event in [for event in local.machine == "waves" ? local.wave_events : local.polling_events : event if local.announces] :
    templatefile("${local.parts}/event.json.tftpl", { partition = local.partition, event = event })
  ]
}
