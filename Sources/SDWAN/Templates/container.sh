#!/bin/bash
# shellcheck disable=SC2034 # who asks reads it
# What there is of a router on this host.

# look_for_container - sets `container` to running, stopped or absent. That LXD does not answer says nothing of a router.
look_for_container() {
  local information status=0
  information=$(ask_lxd 60 info router 2>&1) || status=$?
  case $status:${information,,} in
    0:*"status: running"*) container=running ;;
    0:*"status: "*) container=stopped ;;
    # It is there, and nothing is said of its state.
    0:*) container=running ;;
    # The shell's own: there is no such program that runs.
    126:* | 127:* | *"not found"*) container=absent ;;
    *) fail "LXD does not say whether there is a router (is it running?): ${information//$'\n'/ }" ;;
  esac
}

# require_router - fails with what is to be done unless the router runs.
require_router() {
  look_for_container
  case $container in
    absent) fail "there is no container named router on this host: run phase 1 first" ;;
    stopped) fail "the router on this host is stopped: phase 1 starts it, and leaves it as it is otherwise" ;;
  esac
}
