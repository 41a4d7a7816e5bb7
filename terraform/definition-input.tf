# What an execution's input may not be: refused in the first state, by name. A field that is null counts as absent.

locals {
  # Fields that the machine itself gives the functions. One that came with the input would be believed, or be lost.
  own_fields = concat(
    ["progress"],
    local.machine == "synchronous" ? [] : ["action", "execution", "fail_on_routers", "redrive_count", "retry_count", "state"],
    local.machine == "waves" ? ["reached", "wave"] : [],
  )
  given_own_fields = "$filter($keys($states.input), function($field) { $field in ${replace(jsonencode(local.own_fields), "\"", "'")} and $not($lookup($states.input, $field) = null) })"

  input_refusals = concat(
    [
      {
        state     = "InputNoObject"
        condition = "$not($type($states.input) = 'object')"
        cause     = "'the input must be a JSON object, such as {} or {\"start_at\": \"${local.machine == "waves" ? var.waves[0].name : "phase2"}\"}, and not ' & $substring($string($states.input), 0, 200)"
      },
      {
        state     = "InputReserved"
        condition = "$count(${local.given_own_fields}) > 0"
        cause     = "$join(${local.given_own_fields}, ', ') & ': the state machine itself sets this; leave it out of the input'"
      },
    ],
    local.machine == "waves" ? [{
      state     = "InstancesRefused"
      condition = "$exists($states.input.instances) and $not($states.input.instances = null)"
      cause     = "'instances: the waves say which routers are done; leave it out, or give start_at the name of a wave'"
    }] : [],
  )
  refusal_parts = [for refusal in local.input_refusals : templatefile("${local.parts}/refusal.json.tftpl", refusal)]

  # What start_at may name, and where that leads to, in order.
  starts = {
    synchronous = [for phase in local.phase_states : { name = phase.name, state = phase.state }]
    polling     = [for phase in local.polling_phases : { name = phase.name, state = phase.entry }]
    waves       = [for wave in local.waves : { name = wave.name, state = wave.name }]
  }[local.machine]

  start_part = templatefile("${local.parts}/start.json.tftpl", {
    # A rollout's input is looked at earlier, before its first state takes it apart.
    refusals = local.machine == "waves" ? [] : local.input_refusals
    starts   = local.starts
    unknown  = trimspace(templatefile("${local.parts}/start-unknown.jsonata.tftpl", { names = local.starts[*].name }))
  })
}
