#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this, $began from phase2.sh
# Phase 2 where a configuration has to prove itself before it stays.
# Expects CONFIRM_WAIT (seconds), and the texts keep_script and restore_script.

# prepare_way_back - the router takes it by itself if this script is not there to decide.
prepare_way_back() {
  restore_script >"$work/sdwan-unconfirmed.vbash"
  chmod 0700 "$work/sdwan-unconfirmed.vbash"
  ask_lxd 60 file push "$work/sdwan-unconfirmed.vbash" router/run/sdwan-unconfirmed.vbash >/dev/null ||
    fail "the way back can't be pushed into the router"
}

# confirm_tunnels - keeps the new configuration only if every tunnel comes up in time.
confirm_tunnels() {
  local down until=$((began + CONFIRM_WAIT))
  while down=$(tunnels_down) && [[ -n $down ]]; do
    if ((SECONDS >= until)); then
      restore_script >"$work/sdwan-phase2-restore.vbash"
      run_in_router sdwan-phase2-restore.vbash
      fail "not confirmed: no tunnel to ${down% } came up within $CONFIRM_WAIT s, so the previous configuration is back"
    fi
    sleep 1
  done
  keep_script >"$work/sdwan-phase2-keep.vbash"
  run_in_router sdwan-phase2-keep.vbash
}
