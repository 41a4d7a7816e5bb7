# The definition's parts for a rollout in waves. Each wave has states of its own, in the order of the list:
# what a wave may do depends on how the ones before it ended, which the iterations of a Map can't know of
# one another, and the graph of an execution shows where it is.

locals {
  largest_batch = 40

  waves = [
    for index, wave in var.waves : merge(wave, {
      batch_size = min(local.largest_batch, wave.maxConcurrency)
      # Above one batch each batch is an execution of its own: a history holds 25,000 events.
      distributed     = length(wave.routers) > local.largest_batch
      batches_at_once = max(1, floor(wave.maxConcurrency / local.largest_batch))
      batches = [
        for routers in chunklist(wave.routers, min(local.largest_batch, wave.maxConcurrency)) :
        { instances = routers, wave = wave.name }
      ]
      # Who has been set up when this wave is verified.
      reached = flatten(slice(var.waves, 0, index + 1)[*].routers)
      allowed = (
        endswith(wave.maxErrors, "%")
        ? floor(length(wave.routers) * tonumber(trimsuffix(wave.maxErrors, "%")) / 100)
        : tonumber(wave.maxErrors)
      )
      next = index + 1 < length(var.waves) ? var.waves[index + 1].name : "Summary"
    })
  ]

  # What the waves' phases do, and the rollback, which is phase 2 in another mode. Its commands are other
  # commands than phase 2's, so its mark is another one.
  wave_steps = {
    phase1   = { phase = local.phase_states[0], event = "" }
    phase2   = { phase = local.phase_states[1], event = "" }
    phase3   = { phase = local.phase_states[2], event = "" }
    rollback = { phase = local.phase_states[1], event = ", 'mode': 'rollback', 'wave': $states.input.event.wave & '.rollback'" }
  }

  batch_tasks = {
    for pair in setproduct(local.waves, keys(local.wave_steps)) :
    "${pair[0].name}.${pair[1]}" => templatefile("${local.parts}/phase-polling.json.tftpl", merge(local.wave_steps[pair[1]].phase, {
      state    = "${pair[0].name}.${pair[1]}.batch"
      stops    = false
      reported = "${pair[0].name}.${pair[1]}.batchVerdict"
      output   = local.polling_phases[index(local.phase_order[*].name, local.wave_steps[pair[1]].phase.name)].output
      arguments = trimspace(templatefile("${local.parts}/phase-arguments.jsonata.tftpl", merge(local.wave_steps[pair[1]].phase, {
        event     = "$merge([$states.input.event, { 'reached': $states.input.reached${local.wave_steps[pair[1]].event} }])"
        execution = "$states.input.execution"
        timeout   = var.phase_timeouts[local.wave_steps[pair[1]].phase.name]
        fails     = false
      })))
      failing_arguments = null
    }))
  }

  batch_maps = {
    for pair in setproduct(local.waves, keys(local.wave_steps)) :
    "${pair[0].name}.${pair[1]}" => trimspace(templatefile("${local.parts}/batches.json.tftpl", {
      wave     = pair[0]
      state    = "${pair[0].name}.${pair[1]}"
      task     = trimspace(local.batch_tasks["${pair[0].name}.${pair[1]}"])
      result   = trimspace(templatefile("${local.parts}/batch-result.jsonata.tftpl", { name = local.wave_steps[pair[1]].phase.name }))
      kept_as  = pair[1]
      error_as = pair[1] == "rollback" ? "rollback_error" : "error"
      failed   = pair[1] == "rollback" ? "${pair[0].name}.rolled-back" : "${pair[0].name}.${pair[1]}.failed"
      next     = pair[1] == "rollback" ? "${pair[0].name}.rolled-back" : "${pair[0].name}.${pair[1]}.${local.announces ? "reported" : "verdict"}"
    }))
  }

  wave_ends = {
    for wave in local.waves : wave.name => [
      for end in concat(
        [
          { state = "completed", status = "COMPLETED", reason = "''", stopped = "$rollout.stopped" },
          {
            state   = "failed", status = "FAILED", reason = "$states.input.reason"
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
    length(local.waves) == 0 ? [] : [templatefile("${local.parts}/start.json.tftpl", {
      starts = { for wave in local.waves : wave.name => wave.name }
      first  = local.waves[0].name
    })],
    [for wave in local.waves : [
      templatefile("${local.parts}/wave.json.tftpl", {
        wave              = wave
        partition         = local.partition
        approval_timeout  = var.approval_timeout_seconds
        begun             = "${wave.name}.${local.announces ? "started" : "phase1"}"
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
          name = phase.name, count = length(wave.routers), allowed = wave.allowed
        }))
        wait_seconds = phase.wait_seconds
        following    = phase.following == null ? null : lower(phase.following)
        next         = phase.following == null ? "${wave.name}.completed" : "${wave.name}.${phase.name}.wait"
      })],
    ]],
  ])
}
