#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 3: asks the router how it is. Judging is not done here.
# Expects PING_TARGETS (addresses, separated by spaces), ROUTES (destinations with prefix length, separated
# by spaces) and SHOW_CONNECTIONS (yes or no).

main() {
  local target
  # The pings run side by side, and beside the questions.
  for target in $PING_TARGETS; do
    ask "ping-$target" lxc exec router -- ping -c 3 -W 2 "$target" &
  done
  show ipsec-sa vpn ipsec sa
  if [[ $SHOW_CONNECTIONS == yes ]]; then show ipsec-connections vpn ipsec connections; fi
  show bgp-summary ip bgp summary
  show interfaces interfaces
  show_through keep_routes ip-route-bgp ip route bgp
  wait
  print_answers
}

# keep_routes - leaves of the routes only those to the wanted destinations: a routing table may be long. What is no
# route and no legend stays: there the router says what is wrong.
keep_routes() {
  local wanted=${ROUTES//./\\.}
  # The hold space says whether what begins with a space, and so belongs to the line before it, stays.
  sed -nE "
    /^ / { G; /\nno\$/d; s/\n.*//; p; d; }
    /^Codes:/ { s/.*/no/; h; d; }
    \%^B[^ ]* +(${wanted// /|}) % b stays
    /^B/ { s/.*/no/; h; d; }
    :stays
    p; s/.*/yes/; h"
}

run
