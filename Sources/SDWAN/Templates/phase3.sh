#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 3: asks the router how it is and prints every answer between two marks, with its exit status.
# Judging is not done here. Expects PING_TARGETS (addresses, separated by spaces), ROUTES (destinations with
# prefix length, separated by spaces) and SHOW_CONNECTIONS (yes or no).

readonly ANSWER_WAIT=30
# Run Command keeps 24,000 characters: a hub's answers are longer, and go out packed.
readonly LONGEST_PLAIN=20000

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
  print_answers >"$work/answers"
  if (($(wc -c <"$work/answers") <= LONGEST_PLAIN)); then
    cat "$work/answers"
  else
    echo '=====[ gzip base64 ]====='
    gzip -9 -c "$work/answers" | base64
  fi
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
  local line destination keep=no
  [[ $(<"$work/ip-route-bgp.status") == 0 ]] || return 0
  while IFS= read -r line; do
    if [[ $line == B* ]]; then
      read -r _ destination _ <<<"$line"
      if [[ " $ROUTES " == *" $destination "* ]]; then keep=yes; else keep=no; fi
    fi
    if [[ $keep == yes ]]; then printf '%s\n' "$line"; fi
  done <"$1" >"$1.kept"
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
