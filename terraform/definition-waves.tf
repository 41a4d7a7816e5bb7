# The definition's parts for a rollout in waves. Each wave has states of its own, in the order of the list:
# what a wave may do depends on how the ones before it ended, which the iterations of a Map can't know of
# one another, and the graph of an execution shows where it is.

locals {
  largest_batch = 40

  unnamed_routers = sort(setsubtract(keys(local.routers), flatten(var.waves[*].routers)))
  # Each with the routers that it does.
  given_waves = [for wave in var.waves : merge(wave, { routers = wave.rest ? local.unnamed_routers : wave.routers })]

  # Routers of a wave that may fail in each of its steps.
  allowed_errors = {
    for wave in local.given_waves : wave.name => (
      endswith(wave.maxErrors, "%")
      ? floor(length(wave.routers) * tonumber(trimsuffix(wave.maxErrors, "%")) / 100)
      : tonumber(wave.maxErrors)
    )
  }

  waves = [
    for index, wave in local.given_waves : merge(wave, {
      batch_size = min(local.largest_batch, wave.maxConcurrency)
      # Above one batch each batch is an execution of its own: a history holds 25,000 events.
      distributed     = length(wave.routers) > local.largest_batch
      batches_at_once = max(1, floor(wave.maxConcurrency / local.largest_batch))
      batches = [
        for routers in chunklist(wave.routers, min(local.largest_batch, wave.maxConcurrency)) :
        { instances = routers, wave = wave.name }
      ]
      commands   = local.wave_commands[wave.name]
      has_advice = anytrue([for command in local.wave_commands[wave.name] : !command.required])
      # Where it begins, and where a healthy phase 3 leads to.
      first = "${wave.name}.${length(wave.preCommands) > 0 ? "pre1" : "phase1${local.announced}"}"
      last  = "${wave.name}.${length(wave.postCommands) > 0 ? "post1" : "completed"}"
      # Who has been set up when this wave is verified.
      reached = flatten(slice(local.given_waves, 0, index + 1)[*].routers)
      allowed = local.allowed_errors[wave.name]
      next    = index + 1 < length(var.waves) ? var.waves[index + 1].name : "Summary"
    })
  ]

  # What the routers of a wave go through. The rollback is phase 2 in another mode; its commands are other
  # commands than phase 2's, so its mark is another one.
  wave_steps = {
    for step in concat(
      flatten([for wave in local.waves : [for phase in local.phase_states : {
        wave    = wave, name = phase.name, phase = phase, event = "", command = null, error_as = "error"
        timeout = var.phase_timeouts[phase.name]
        failed  = "${wave.name}.${phase.name}.failed"
        next    = "${wave.name}.${phase.name}.${local.announces ? "reported" : "verdict"}"
      }]]),
      [for wave in local.waves : {
        wave    = wave, name = "rollback", phase = local.phase_states[1], command = null, error_as = "rollback_error"
        event   = ", 'mode': 'rollback', 'wave': $states.input.event.wave & '.rollback'"
        timeout = var.phase_timeouts["phase2"]
        failed  = "${wave.name}.rolled-back"
        next    = "${wave.name}.rolled-back"
      }],
      local.command_steps,
    ) : "${step.wave.name}.${step.name}" => step
  }

  batch_tasks = {
    for state, step in local.wave_steps :
    state => templatefile("${local.parts}/phase-polling.json.tftpl", merge(step.phase, {
      state    = "${state}.batch"
      stops    = false
      reported = "${state}.batchVerdict"
      output   = local.polling_phases[index(local.phase_order[*].name, step.phase.name)].output
      arguments = trimspace(templatefile("${local.parts}/phase-arguments.jsonata.tftpl", merge(step.phase, {
        event     = "$merge([$states.input.event, { 'reached': $states.input.reached${step.event} }])"
        execution = "$states.input.execution"
        timeout   = step.timeout
        fails     = false
      })))
      failing_arguments = null
    }))
  }

  batch_maps = {
    for state, step in local.wave_steps :
    state => trimspace(templatefile("${local.parts}/batches.json.tftpl", merge(step, {
      state   = state
      task    = trimspace(local.batch_tasks[state])
      result  = trimspace(templatefile("${local.parts}/batch-result.jsonata.tftpl", { name = step.phase.name }))
      kept_as = step.name
    })))
  }

  wave_ends = {
    for wave in local.waves : wave.name => [
      for end in concat(
        [
          { state = "completed", status = "COMPLETED", stopped = "$rollout.stopped", reason = wave.has_advice ? local.advice : "''" },
          {
            state   = "failed", status = "FAILED", reason = "$states.input.reason${wave.has_advice ? " & (${local.advice} = '' ? '' : '; ' & ${local.advice})" : ""}"
            stopped = wave.onFailure == "continue" ? "$rollout.stopped" : "'wave ${wave.name} failed'"
          },
          {
            state  = "skipped", status = "SKIPPED", stopped = "$rollout.stopped"
            reason = "($rollout.stopped != '' ? $rollout.stopped : 'a wave that it depends on did not complete')"
          },
        ],
        wave.pauseBefore ? [{ state = "cancelled", status = "CANCELLED", reason = "$states.input.reason", stopped = "'wave ${wave.name} was cancelled'" }] : [],
      ) :
      merge(end, { output = trimspace(templatefile("${local.parts}/outcome.jsonata.tftpl", merge(end, { wave = wave.name }))) })
    ]
  }

  wave_parts = flatten([
    templatefile("${local.parts}/rollout.json.tftpl", {
      summary = trimspace(file("${local.parts}/summary.jsonata"))
      ended   = local.announces ? "ExecutionEnded" : "RolledOut"
    }),
    local.event_parts,
    local.start_part,
    local.refusal_parts,
    templatefile("${local.parts}/input.json.tftpl", { refusals = local.input_refusals, next = "Rollout" }),
    [for wave in local.waves : [
      templatefile("${local.parts}/wave.json.tftpl", {
        wave              = wave
        partition         = local.partition
        approval_timeout  = var.approval_timeout_seconds
        begun             = local.announces ? "${wave.name}.started" : wave.first
        ends              = local.wave_ends[wave.name]
        ended             = local.announces ? "${wave.name}.ended" : wave.next
        rollback          = local.batch_maps["${wave.name}.rollback"]
        rollback_reported = "${wave.name}.${local.announces ? "rollback-reported" : "failed"}"
        rolled_back       = trimspace(file("${local.parts}/rolled-back.jsonata"))
      }),
      [for phase in local.phase_states : templatefile("${local.parts}/wave-phase.json.tftpl", {
        wave    = wave
        name    = phase.name
        state   = "${wave.name}.${phase.name}"
        batches = local.batch_maps["${wave.name}.${phase.name}"]
        failed = trimspace(templatefile("${local.parts}/phase-failed.jsonata.tftpl", {
          name = phase.name, title = phase.name, count = length(wave.routers), allowed = wave.allowed
        }))
        wait_seconds = phase.wait_seconds
        following    = phase.following == null ? null : "${wave.name}.${lower(phase.following)}${local.announced}"
        next         = phase.following == null ? wave.last : "${wave.name}.${phase.name}.wait"
      })],
      [for command in wave.commands : templatefile("${local.parts}/wave-command.json.tftpl", {
        wave    = wave
        command = command
        state   = "${wave.name}.${command.name}"
        batches = local.batch_maps["${wave.name}.${command.name}"]
        reason = trimspace(templatefile("${local.parts}/phase-failed.jsonata.tftpl", {
          name  = command.name, title = "command ${command.name} (${command.document})"
          count = length(wave.routers), allowed = command.allowed
        }))
        noted = trimspace(templatefile("${local.parts}/command-noted.jsonata.tftpl", command))
      })],
    ]],
  ])
}
