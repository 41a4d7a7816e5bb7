# The commands that a wave sends to the hosts of its routers: before phase 1 and after a healthy phase 3.

locals {
  announced = local.announces ? ".announced" : ""

  # Each with its name in the wave, how many routers it may fail on, and what comes after it.
  wave_commands = {
    for wave in var.waves : wave.name => flatten([for stage in [
      { name = "pre", commands = wave.preCommands, end = "phase1${local.announced}" },
      { name = "post", commands = wave.postCommands, end = "completed" },
      ] : [for index, command in stage.commands : merge(command, {
        name = "${stage.name}${index + 1}"
        next = "${wave.name}.${index + 1 < length(stage.commands) ? "${stage.name}${index + 2}" : stage.end}"
        # A failure that stops nothing is worth a sentence, however few they are.
        allowed = command.required ? local.allowed_errors[wave.name] : 0
    })]])
  }

  # Any phase's function sends commands; phase 1's waits for hosts that have just been born.
  command_steps = flatten([for wave in local.waves : [for command in wave.commands : {
    wave     = wave
    name     = command.name
    phase    = local.phase_states[0]
    event    = ", 'mode': 'command', 'command': $states.input.command, 'wave': $states.input.event.wave & '.${command.name}'"
    command  = { document = command.document, parameters = command.parameters }
    timeout  = command.timeout
    error_as = "error"
    failed   = "${wave.name}.${command.name}.${local.announces ? "reported" : "verdict"}"
    next     = "${wave.name}.${command.name}.${local.announces ? "reported" : "verdict"}"
  }]])

  # What commands that are not required have left in the state of their wave.
  advice = "$join([$states.input.advice], '; ')"

  command_events = flatten([for wave in local.waves : [for command in wave.commands : {
    state  = "${wave.name}.${command.name}.reported", next = "${wave.name}.${command.name}.verdict"
    type   = "{% $exists($states.input.${command.name}) and $sum($states.input.${command.name}.fail_count) = 0 ? 'SD-WAN command completed' : 'SD-WAN command failed' %}"
    detail = "{ 'wave': '${wave.name}', 'command': '${command.name}', 'document': '${command.document}', 'required': ${command.required}, 'success_count': $sum($states.input.${command.name}.success_count), 'fail_count': $sum($states.input.${command.name}.fail_count), 'failed': [$states.input.${command.name}.failed] }"
  }]])

  command_documents = distinct(flatten([for commands in local.wave_commands : commands[*].document]))

  # AWS's own documents belong to no account; nobody else's may have a name that begins like theirs.
  document_arns = distinct(flatten([for region in local.regions : [
    for document in concat(["AWS-RunShellScript"], local.command_documents) :
    startswith(document, "arn:") ? document :
    "arn:${local.partition}:ssm:${region}:${can(regex("(?i)^(aws|amazon|amzn)", document)) ? "" : local.account}:document/${document}"
  ]]))
}
