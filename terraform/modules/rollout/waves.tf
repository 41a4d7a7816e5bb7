# What the default waves are, and what they may not be.

locals {
  wave_fields = concat(["name"], var.selectors, ["rest", "dependsOn", "pauseBefore", "maxConcurrency", "maxErrors", "onFailure", "preCommands", "postCommands"])

  # Without what is null, as they go to the admission.
  given_waves = try([for wave in var.waves : { for field, value in wave : field => value if value != null }], [])

  # With what they don't say, to be judged.
  waves = [for wave in local.given_waves : {
    name           = try(tostring(wave.name), "")
    items          = try([for item in wave[var.selectors[0]] : tostring(item)], [])
    selected       = anytrue([for field in var.selectors : try(length(wave[field]) > 0, false)])
    rest           = try(tobool(wave.rest), false)
    dependsOn      = try([for name in wave.dependsOn : tostring(name)], [])
    pauseBefore    = try(wave.pauseBefore, false)
    maxConcurrency = try(wave.maxConcurrency, var.max_concurrency)
    maxErrors      = try(wave.maxErrors, 0)
    onFailure      = try(tostring(wave.onFailure), "stop")
    commands = flatten([for field in ["preCommands", "postCommands"] : [
      for index, command in try(wave[field], []) : { place = "${try(wave.name, "")}.${field}[${index}]", index = index, command = command }
    ]])
  }]

  waves_unknown_fields = flatten([for index, wave in local.given_waves : [
    for field in keys(wave) : "waves[${index}].${field}" if !contains(local.wave_fields, field)
  ]])

  items_of_waves = flatten(local.waves[*].items)
  waves_of_item  = merge({}, { for use in flatten([for wave in local.waves : [for item in wave.items : { item = item, wave = wave.name }]]) : use.item => use.wave... })

  waves_shared_items  = [for item, waves in local.waves_of_item : "${item} is in ${join(" and ", waves)}" if length(waves) > 1]
  waves_unknown_items = var.known_items == null ? [] : [for item, waves in local.waves_of_item : "${waves[0]} names ${item}" if !contains(var.known_items, item)]
  waves_missing_items = var.known_items == null ? [] : sort(setsubtract(var.known_items, local.items_of_waves))

  waves_wrong_commands = flatten([for wave in local.waves : [for each in wave.commands : each.place if !(
    each.index < 10 &&
    can(keys(each.command)) && try(length(setsubtract(keys(each.command), ["document", "parameters", "instances", "timeout", "required"])) == 0, false) &&
    can(regex("^[a-zA-Z0-9_.:/-]{3,200}$", each.command.document)) &&
    try(each.command.timeout >= 1 && each.command.timeout <= 172800 && floor(each.command.timeout) == each.command.timeout, !can(each.command.timeout)) &&
    try(contains([true, false], each.command.required), !can(each.command.required)) &&
    try(length(each.command.instances) >= 1 && alltrue([for id in each.command.instances : can(regex("^m?i-[0-9a-zA-Z]{8,17}$", id))]), !can(each.command.instances)) &&
    try(alltrue([for name, values in each.command.parameters : can(regex("^[a-zA-Z0-9_.-]{1,200}$", name)) && can([for value in values : tostring(value)])]), !can(each.command.parameters))
  )]])
}

# JSON, for the admission. What is wrong with a wave is said here, because a variable's own rules can't look at what is
# made of it. Every message lists the entries that break its rule; a rule passes over what another one refuses.
output "waves" {
  description = "The default waves as the admission reads them: JSON, [] for one wave of everything."
  value       = jsonencode(local.given_waves)

  precondition {
    condition     = length(local.waves_unknown_fields) == 0
    error_message = "A wave has no such field: ${join(", ", local.waves_unknown_fields)}. It has ${join(", ", local.wave_fields)}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : can(regex("^[a-z0-9][a-z0-9-]{0,39}$", wave.name))])
    error_message = "A wave's name has up to 40 lower-case letters, digits and hyphens and doesn't begin with a hyphen: ${join(", ", [for index, wave in local.waves : "waves[${index}] has ${jsonencode(wave.name)}" if !can(regex("^[a-z0-9][a-z0-9-]{0,39}$", wave.name))])}."
  }

  precondition {
    condition     = length(distinct(local.waves[*].name)) == length(local.waves)
    error_message = "Waves' names must differ: ${join(", ", distinct([for wave in local.waves : jsonencode(wave.name) if length([for other in local.waves : other if other.name == wave.name]) > 1]))}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : wave.selected != wave.rest])
    error_message = "A wave has either ${join(", ", var.selectors)} or rest = true: ${join(", ", [for wave in local.waves : "${wave.name} has ${wave.rest ? "both" : "neither"}" if wave.selected == wave.rest])}."
  }

  precondition {
    condition     = length([for wave in local.waves : wave if wave.rest]) <= 1
    error_message = "One wave has the rest: ${join(" and ", [for wave in local.waves : wave.name if wave.rest])} all have rest = true."
  }

  precondition {
    condition     = length(local.waves_shared_items) == 0
    error_message = "Each of the ${var.selectors[0]} is in one wave, once: ${join("; ", local.waves_shared_items)}."
  }

  precondition {
    condition     = length(local.waves_unknown_items) == 0
    error_message = "Waves name what there is: ${join("; ", local.waves_unknown_items)}."
  }

  # What no wave does would be forgotten by a rollout that says COMPLETED.
  precondition {
    condition     = length(local.waves) == 0 || anytrue(local.waves[*].rest) || length(local.waves_missing_items) == 0
    error_message = "Waves name all of the ${var.selectors[0]}: name the missing ones, or give one wave rest = true. Missing: ${join(", ", slice(local.waves_missing_items, 0, min(20, length(local.waves_missing_items))))}${length(local.waves_missing_items) > 20 ? " and ${length(local.waves_missing_items) - 20} more" : ""}."
  }

  precondition {
    condition     = var.known_items == null || !anytrue(local.waves[*].rest) || length(local.waves_missing_items) > 0
    error_message = "Nothing is left for the wave with rest = true: the others name everything."
  }

  # So the list's order is the rollout's order, and no cycle is possible.
  precondition {
    condition     = alltrue([for index, wave in local.waves : length(setsubtract(wave.dependsOn, slice(local.waves, 0, index)[*].name)) == 0])
    error_message = "A wave depends on waves before it only: ${join("; ", [for index, wave in local.waves : "${wave.name} depends on ${join(", ", setsubtract(wave.dependsOn, slice(local.waves, 0, index)[*].name))}" if length(setsubtract(wave.dependsOn, slice(local.waves, 0, index)[*].name)) > 0])}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : can(regex("^(true|false)$", wave.pauseBefore))])
    error_message = "pauseBefore is true or false: ${join(", ", [for wave in local.waves : wave.name if !can(regex("^(true|false)$", wave.pauseBefore))])}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : try(wave.maxConcurrency >= 1 && wave.maxConcurrency <= 1000 && floor(wave.maxConcurrency) == wave.maxConcurrency, false)])
    error_message = "maxConcurrency is a whole number from 1 to 1000: ${join(", ", [for wave in local.waves : "${wave.name} has ${jsonencode(wave.maxConcurrency)}" if !try(wave.maxConcurrency >= 1 && wave.maxConcurrency <= 1000 && floor(wave.maxConcurrency) == wave.maxConcurrency, false)])}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : can(regex("^([0-9]{1,5}|([0-9]{1,2}|100)%)$", tostring(wave.maxErrors)))])
    error_message = "maxErrors is a number like 2, or a percentage like 10%: ${join(", ", [for wave in local.waves : "${wave.name} has ${jsonencode(wave.maxErrors)}" if !can(regex("^([0-9]{1,5}|([0-9]{1,2}|100)%)$", tostring(wave.maxErrors)))])}."
  }

  precondition {
    condition     = alltrue([for wave in local.waves : contains(["stop", "continue", "rollback"], wave.onFailure)])
    error_message = "onFailure is stop, continue or rollback: ${join(", ", [for wave in local.waves : "${wave.name} has ${jsonencode(wave.onFailure)}" if !contains(["stop", "continue", "rollback"], wave.onFailure)])}."
  }

  precondition {
    condition     = length(local.waves_wrong_commands) == 0
    error_message = "A command has a document (3 to 200 letters, digits, _ . - : and /, or an ARN), parameters (lists of texts by names of letters, digits, _ . and -), instances (ids, where the items are no hosts), a timeout (whole seconds from 1 to 172800) and required (true or false), and a wave has at most ten before and ten after it: ${join(", ", local.waves_wrong_commands)}."
  }
}
