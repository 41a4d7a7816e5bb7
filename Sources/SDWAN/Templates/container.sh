#!/bin/bash
# shellcheck disable=SC2034 # who asks reads it
# What there is of a router on this host.

# look_for_container - sets `container` to running, stopped or absent. That LXD does not answer says nothing of a router.
look_for_container() {
  local information
  if ! command -v lxc >/dev/null; then
    container=absent
  elif information=$(lxc info router </dev/null 2>&1); then
    container=stopped
    if [[ ${information,,} == *"status: running"* ]]; then container=running; fi
  else
    [[ ${information,,} == *"not found"* ]] || fail "LXD does not say whether there is a router: ${information//$'\n'/ }"
    container=absent
  fi
}
