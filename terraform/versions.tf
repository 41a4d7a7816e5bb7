terraform {
  # 1.11: ephemeral variables and write-only arguments, so that no secret reaches the state.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
