# Everything that belongs to a network is called by its name: two networks share an account and its regions.

locals {
  # How long the name may be for each that AWS limits: the limit without what stands beside the name there.
  longest_name_for = {
    # aws_s3_bucket's bucket_prefix gets 26 digits, which tell it from everybody's.
    "the bucket's name, NAME- and 26 digits" = 63 - 26 - length("-")
    "the hosts' role, NAME-host-REGION"      = 64 - max([for region in keys(local.region_sites) : length("-host-${region}")]...)
    "the machine's role, NAME-state-machine" = 64 - length("-state-machine")
    "the rule NAME-notify-execution"         = 64 - length("-notify-execution")
    "a function, NAME-phase1"                = 64 - length("-phase1")
    "the queue NAME-failed-cancellation"     = 80 - length("-failed-cancellation")
    "the state machine"                      = 80
  }
  longest_name = min(values(local.longest_name_for)...)

  # Of each network its own: what the functions may read, and what only hosts may.
  param_prefix   = coalesce(var.ssm_param_prefix, "/${var.name}/")
  secrets_prefix = "/${var.name}-secrets/"

  # An object in S3 has ten tags, everything else fifty.
  most_object_tags = 10
}
