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

# configure_router FILE - runs a configuration script inside the router and keeps its exit status. While VyOS has its
# configuration locked (75: it is still booting, or somebody commits) it is tried again.
configure_router() {
  local target status until=$((SECONDS + 240))
  target=/tmp/$(basename "$1")
  chmod 0700 "$1"
  ask_lxd 60 file push "$1" "router$target" >/dev/null || fail "the configuration script can't be pushed into the router"
  while :; do
    status=0
    ask_lxd 240 exec router -- sg vyattacfg -c "/bin/vbash $target" || status=$?
    ((status == 75 && SECONDS + 2 < until && SECONDS + 2 < TIME_LIMIT)) || break
    sleep 2
  done
  ask_lxd 60 exec router -- rm -f "$target" || fail "the configuration script $target can't be removed from the router"
  return "$status"
}
