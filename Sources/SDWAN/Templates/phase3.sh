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
  show ip-route-bgp ip route bgp
  keep_routes "$work/ip-route-bgp.answer"
  wait
  print_answers
}

# keep_routes FILE - leaves of the routes only those to the wanted destinations: a routing table may be long. What is
# no route and no legend stays: there the router says what is wrong.
keep_routes() {
  local line destination keep=yes
  [[ $(<"$work/ip-route-bgp.status") == 0 ]] || return 0
  while IFS= read -r line; do
    case $line in
      B*)
        read -r _ destination _ <<<"$line"
        if [[ " $ROUTES " == *" $destination "* ]]; then keep=yes; else keep=no; fi
        ;;
      Codes:*) keep=no ;;
      [!\ ]*) keep=yes ;;
    esac
    if [[ $keep == yes ]]; then printf '%s\n' "$line"; fi
  done <"$1" >"$1.kept"
  mv "$1.kept" "$1"
}

run
