# A rollout in waves: the canary first, the rest when it is healthy.

variable "waves" {
  description = "Waves in their order, with orchestration polling; a wave runs phases 1 to 3 for its routers and must be healthy before the next begins. Together they name every router of the topology, or one of them has rest = true: all that the others don't name. dependsOn: waves before it without which it is skipped; pauseBefore: wait for an approval; maxConcurrency: routers at once; maxErrors: routers that may fail in a phase, a number or a percentage; onFailure: stop, continue, or rollback (and stop). preCommands, postCommands: SSM documents for the hosts of its routers, in order, before phase 1 and after a healthy phase 3; one that is not required and fails leaves a sentence in the wave's reason only."
  type = list(object({
    name           = string
    routers        = optional(list(string), [])
    rest           = optional(bool, false)
    dependsOn      = optional(list(string), [])
    pauseBefore    = optional(bool, false)
    maxConcurrency = optional(number, 200)
    maxErrors      = optional(string, "0")
    onFailure      = optional(string, "stop")
    preCommands    = optional(list(object({ document = string, parameters = optional(map(list(string)), {}), timeout = optional(number, 600), required = optional(bool, true) })), [])
    postCommands   = optional(list(object({ document = string, parameters = optional(map(list(string)), {}), timeout = optional(number, 600), required = optional(bool, true) })), [])
  }))
  default = []

  # Every message lists the entries that break its rule. A rule passes over what another one refuses.

  validation {
    condition     = length(var.waves) == 0 || var.orchestration == "polling"
    error_message = "Waves need orchestration = \"polling\"."
  }

  validation {
    condition     = alltrue([for wave in var.waves : can(regex("^[a-z0-9][a-z0-9-]{0,39}$", wave.name))])
    error_message = "A wave's name has up to 40 lower-case letters, digits and hyphens and doesn't begin with a hyphen: ${join(", ", [for wave in var.waves : "\"${wave.name}\"" if !can(regex("^[a-z0-9][a-z0-9-]{0,39}$", wave.name))])}."
  }

  validation {
    condition     = length(distinct(var.waves[*].name)) == length(var.waves)
    error_message = "Waves' names must differ: ${join(", ", [for name, waves in { for wave in var.waves : wave.name => wave... } : name if length(waves) > 1])}."
  }

  validation {
    condition     = alltrue([for wave in var.waves : length(wave.routers) > 0 != wave.rest])
    error_message = "A wave has either routers or rest = true: ${join(", ", [for wave in var.waves : "${wave.name} has ${wave.rest ? "both" : "neither"}" if length(wave.routers) > 0 == wave.rest])}."
  }

  validation {
    condition     = length([for wave in var.waves : wave if wave.rest]) <= 1
    error_message = "One wave has the rest: ${join(" and ", [for wave in var.waves : wave.name if wave.rest])} all have rest = true."
  }

  # A router that no wave does would be forgotten by a rollout that says COMPLETED.
  validation {
    condition = length(var.waves) == 0 || anytrue(var.waves[*].rest) || length(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))) == 0
    error_message = "Every router is in a wave: name the missing ones, or give one wave rest = true. Missing: ${join(", ", slice(
      sort(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))), 0, min(20, length(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))))
    ))}${length(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))) > 20 ? " and ${length(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))) - 20} more" : ""}."
  }

  validation {
    condition     = !anytrue(var.waves[*].rest) || length(setsubtract(keys(var.topology.routers), flatten(var.waves[*].routers))) > 0
    error_message = "Nothing is left for the wave with rest = true: the others name every router."
  }

  validation {
    condition = alltrue([for wave in var.waves : length(setsubtract(wave.routers, keys(var.topology.routers))) == 0])
    error_message = "A wave's routers are the topology's: ${join("; ", [
      for wave in var.waves : "${wave.name} names ${join(", ", setsubtract(wave.routers, keys(var.topology.routers)))}"
      if length(setsubtract(wave.routers, keys(var.topology.routers))) > 0
    ])}."
  }

  validation {
    condition = length(toset(flatten(var.waves[*].routers))) == length(flatten(var.waves[*].routers))
    error_message = "A router is in one wave, once: ${join("; ", [
      for router, waves in merge({}, {
        for use in flatten([for wave in var.waves : [for router in wave.routers : { router = router, wave = wave.name }]]) :
        use.router => use.wave...
      }) : "${router} is in ${join(" and ", waves)}" if length(waves) > 1
    ])}."
  }

  validation {
    condition = alltrue([for wave in var.waves : length(setsubtract(wave.dependsOn, var.waves[*].name)) == 0])
    error_message = "A wave depends on waves of the list: ${join("; ", [
      for wave in var.waves : "${wave.name} depends on ${join(", ", setsubtract(wave.dependsOn, var.waves[*].name))}"
      if length(setsubtract(wave.dependsOn, var.waves[*].name)) > 0
    ])}."
  }

  # So the list's order is the rollout's order, and no cycle is possible.
  validation {
    condition = alltrue([
      for index, wave in var.waves :
      length(setintersection(wave.dependsOn, slice(var.waves, index, length(var.waves))[*].name)) == 0
    ])
    error_message = "A wave depends on waves before it only, or there would be a cycle or a wait for ever: ${join("; ", [
      for index, wave in var.waves :
      "${wave.name} depends on ${join(", ", setintersection(wave.dependsOn, slice(var.waves, index, length(var.waves))[*].name))}"
      if length(setintersection(wave.dependsOn, slice(var.waves, index, length(var.waves))[*].name)) > 0
    ])}."
  }

  validation {
    condition     = alltrue([for wave in var.waves : wave.maxConcurrency >= 1 && wave.maxConcurrency <= 1000 && floor(wave.maxConcurrency) == wave.maxConcurrency])
    error_message = "maxConcurrency is a whole number from 1 to 1000: ${join(", ", [for wave in var.waves : "${wave.name} has ${wave.maxConcurrency}" if !(wave.maxConcurrency >= 1 && wave.maxConcurrency <= 1000 && floor(wave.maxConcurrency) == wave.maxConcurrency)])}."
  }

  validation {
    condition     = alltrue([for wave in var.waves : can(regex("^([0-9]{1,5}|([0-9]{1,2}|100)%)$", wave.maxErrors))])
    error_message = "maxErrors is a number like 2, or a percentage like 10%: ${join(", ", [for wave in var.waves : "${wave.name} has \"${wave.maxErrors}\"" if !can(regex("^([0-9]{1,5}|([0-9]{1,2}|100)%)$", wave.maxErrors))])}."
  }

  validation {
    condition     = alltrue([for wave in var.waves : contains(["stop", "continue", "rollback"], wave.onFailure)])
    error_message = "onFailure is stop, continue or rollback: ${join(", ", [for wave in var.waves : "${wave.name} has \"${wave.onFailure}\"" if !contains(["stop", "continue", "rollback"], wave.onFailure)])}."
  }

  validation {
    condition = alltrue(flatten([for wave in var.waves : [for command in concat(wave.preCommands, wave.postCommands) : can(regex("^[a-zA-Z0-9_.:/-]{3,200}$", command.document))]]))
    error_message = "A command's document is a name of 3 to 200 letters, digits, _ . - : and /, or an ARN: ${join(", ", flatten([
      for wave in var.waves : [for list in ["preCommands", "postCommands"] : [
        for index, command in wave[list] : "${wave.name}.${list}[${index}] has \"${command.document}\"" if !(can(regex("^[a-zA-Z0-9_.:/-]{3,200}$", command.document)))
      ]]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([for wave in var.waves : [for command in concat(wave.preCommands, wave.postCommands) : command.timeout >= 1 && command.timeout <= 172800 && floor(command.timeout) == command.timeout]]))
    error_message = "A command's timeout is whole seconds from 1 to 172800: ${join(", ", flatten([
      for wave in var.waves : [for list in ["preCommands", "postCommands"] : [
        for index, command in wave[list] : "${wave.name}.${list}[${index}] has ${command.timeout}" if !(command.timeout >= 1 && command.timeout <= 172800 && floor(command.timeout) == command.timeout)
      ]]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([for wave in var.waves : [for command in concat(wave.preCommands, wave.postCommands) : alltrue([for name in keys(command.parameters) : can(regex("^[a-zA-Z0-9_.-]{1,200}$", name))])]]))
    error_message = "A parameter's name has letters, digits, _ . and -: ${join(", ", flatten([
      for wave in var.waves : [for list in ["preCommands", "postCommands"] : [
        for index, command in wave[list] : "${wave.name}.${list}[${index}] has ${join(" and ", [for name in keys(command.parameters) : "\"${name}\""])}" if !(alltrue([for name in keys(command.parameters) : can(regex("^[a-zA-Z0-9_.-]{1,200}$", name))]))
      ]]
    ]))}."
  }

  validation {
    condition     = alltrue([for wave in var.waves : length(wave.preCommands) <= 10 && length(wave.postCommands) <= 10])
    error_message = "A wave has at most 10 preCommands and 10 postCommands: ${join(", ", [for wave in var.waves : "${wave.name} has ${length(wave.preCommands)} and ${length(wave.postCommands)}" if !(length(wave.preCommands) <= 10 && length(wave.postCommands) <= 10)])}."
  }
}

variable "approval_timeout_seconds" {
  description = "How long a wave with pauseBefore waits for its approval; then the rollout is cancelled."
  type        = number
  default     = 86400

  validation {
    condition     = var.approval_timeout_seconds >= 1 && var.approval_timeout_seconds <= 2592000 && floor(var.approval_timeout_seconds) == var.approval_timeout_seconds
    error_message = "approval_timeout_seconds must be whole seconds from 1 to 2592000, not ${var.approval_timeout_seconds}."
  }
}
