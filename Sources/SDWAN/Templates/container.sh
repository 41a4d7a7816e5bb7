#!/bin/bash
# shellcheck disable=SC2034 # who asks reads it
# What there is of a router on this host.

# look_for_container - sets `container` to running, stopped or absent. That LXD does not answer says nothing of a router.
look_for_container() {
  local information status=0
  information=$(lxc info router </dev/null 2>&1) || status=$?
  case $status:${information,,} in
    0:*"status: running"*) container=running ;;
    0:*) container=stopped ;;
    # The shell's own: there is no such program that runs.
    126:* | 127:* | *"not found"*) container=absent ;;
    *) fail "LXD does not say whether there is a router: ${information//$'\n'/ }" ;;
  esac
}
