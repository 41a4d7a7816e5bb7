#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 3: asks the router how it is and prints every answer between two marks, with its exit status.
# Judging is not done here. Expects PING_TARGETS (addresses, separated by spaces), ROUTES (destinations with
# prefix length, separated by spaces) and SHOW_CONNECTIONS (yes or no).

readonly ANSWER_WAIT=30

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

# show NAME WORDS… - one of VyOS's operational commands.
show() {
  local name=$1
  shift
  ask "$name" lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show "$@"
}

# ask NAME COMMAND… - keeps what a command prints and how it ends.
ask() {
  local name=$1 status=0
  shift
  timeout "$ANSWER_WAIT" "$@" </dev/null >"$work/$name.answer" 2>&1 || status=$?
  echo "$status" >"$work/$name.status"
}

# keep_routes FILE - leaves only the lines of the wanted destinations: Run Command keeps 24,000 characters,
# and a routing table may be longer than that.
keep_routes() {
  [[ $(<"$work/ip-route-bgp.status") == 0 ]] || return 0
  awk -v wanted=" $ROUTES " '
    /^B/ { keep = index(wanted, " " $2 " ") }
    keep && /^[B ]/
  ' "$1" >"$1.kept"
  mv "$1.kept" "$1"
}

print_answers() {
  local file name
  for file in "$work"/*.answer; do
    name=$(basename "$file" .answer)
    printf '=====[ %s ]=====\n' "$name"
    cat "$file"
    printf '\n=====[ end %s %s ]=====\n' "$name" "$(cat "$work/$name.status")"
  done
}

run
