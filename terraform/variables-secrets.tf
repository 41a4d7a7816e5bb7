variable "ubuntu_password" {
  description = "Password of the user ubuntu on every host."
  type        = string
  sensitive   = true
  ephemeral   = true

  # chpasswd reads lines of user:password.
  validation {
    condition     = length(var.ubuntu_password) >= 8 && !can(regex("[\\r\\n:]", var.ubuntu_password))
    error_message = "ubuntu_password must have at least 8 characters, and none of them may be a colon, a newline or a carriage return."
  }
}

variable "vpn_psk" {
  description = "Pre-shared key of the tunnels."
  type        = string
  sensitive   = true
  ephemeral   = true

  # VyOS refuses the quotes and the newline, and 1.4 does not escape a backslash.
  validation {
    condition     = length(var.vpn_psk) >= 8 && !can(regex("['\"\\\\\\r\\n]", var.vpn_psk))
    error_message = "vpn_psk must have at least 8 characters, and none of them may be a quote, a double quote, a backslash, a newline or a carriage return."
  }
}

variable "secrets_version" {
  description = "Raise it to write new values of ubuntu_password and vpn_psk: Terraform keeps no copy to compare with."
  type        = number
  default     = 1

  validation {
    condition     = var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version
    error_message = "secrets_version must be a whole number from 1, not ${var.secrets_version}."
  }
}
