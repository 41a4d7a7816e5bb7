#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 2: gives the router its tunnels and BGP.
# Expects what psk.sh expects, CONFIRM (yes, with confirm.sh, or no), WAKE_WAIT (seconds), PEER_ADDRESSES (separated by spaces),
# and the texts configure_script, which psk.sh fills in, and wake_script.

main() {
  local began
  require_router
  read_keys
  if [[ $CONFIRM == yes ]]; then prepare_way_back; fi
  fill_in configure_script >"$work/sdwan-phase2.vbash"
  run_in_router sdwan-phase2.vbash
  began=$SECONDS
  wake_tunnels
  if [[ $CONFIRM == yes ]]; then confirm_tunnels; fi
}

# run_in_router FILE - runs one of the scripts in $work inside the router.
run_in_router() {
  local status=0
  configure_router "$work/$1" || status=$?
  ((status == 0)) || fail "the router did not take its VPN and BGP configuration (exit status $status)"
}

# wake_tunnels - gives the tunnels some time to come up, and asks for those that don't. Whether they are up then is phase 3's
# question. A router that says nothing of its SAs is not asked for anything.
wake_tunnels() {
  while [[ -n $(associations) && -n $(tunnels_down) ]]; do
    if ((SECONDS >= began + WAKE_WAIT)); then
      wake_script >"$work/sdwan-phase2-wake.vbash"
      configure_router "$work/sdwan-phase2-wake.vbash" || say "the tunnels without an SA could not be asked for"
      return
    fi
    sleep 1
  done
}

# associations - prints the table of the SAs, as the router shows it.
associations() {
  ask_lxd 30 exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show vpn ipsec sa 2>/dev/null || true
}

# tunnels_down - prints the peers without an SA.
tunnels_down() {
  local address answer
  answer=$(associations)
  for address in $PEER_ADDRESSES; do
    grep -qE "^[^ ]+ +up .* ${address//./\\.} " <<<"$answer" || printf '%s ' "$address"
  done
}

run
