#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Plan: tells what is there, and changes nothing.

main() {
  ask container lxc info router
  ask state lxc config get router user.sdwan-state
  show configuration configuration commands
  mask_secrets "$work/configuration.answer"
  ask owned lxc exec router -- cat /config/sdwan-owned
  print_answers
}

# mask_secrets FILE - what a secret is never leaves the host.
mask_secrets() {
  sed -E -i "s/((secret|password|plaintext-password|encrypted-password|community|key) )('[^']*'|[^ ]+)\$/\\1'******'/" "$1"
}

run
