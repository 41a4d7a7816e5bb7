#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 3: asks the router how it is. Judging is not done here.
# Expects QUESTIONS (the names of the tables that are asked for), PING_TARGETS and FULL_SIZE_TARGETS (addresses),
# ROUTES (destinations with prefix length), all separated by spaces, FULL_SIZE (bytes after a ping's head), and
# IPSEC_LOG (what the dialect calls the IPsec log).

# Each is a process of LXD's client on the host and one in the router.
readonly PINGS_AT_ONCE=32
# A command pings 100 peers at most. Where none of them answers, their 200 small pings are 7 rounds of 4 s, and the 100
# of full size 4 rounds of 2 s: 36 s. Where LXD hangs it is this wait, 11 times: 165 s. One that also asks for tables
# pings 50 peers, 4 rounds beside 7 questions and 2 rounds behind them: 7 times ANSWER_WAIT and 30 s, 240 s.
readonly PING_WAIT=15

main() {
  local question targets
  # The pings run side by side, and beside the questions.
  read -ra targets <<<"$PING_TARGETS"
  side_by_side ping_small "${targets[@]}" &
  for question in $QUESTIONS; do ask_for "$question"; done
  wait
  # Not beside the small ones: a busy host would lose packets of its own making.
  read -ra targets <<<"$FULL_SIZE_TARGETS"
  side_by_side ping_in_full_size "${targets[@]}"
  print_answers
}

ask_for() {
  local words
  case $1 in
    ipsec-sa) show ipsec-sa vpn ipsec sa ;;
    ipsec-connections) show ipsec-connections vpn ipsec connections ;;
    bgp-summary) show bgp-summary ip bgp summary ;;
    interfaces) show interfaces interfaces ;;
    ip-route-bgp) show_through keep_routes ip-route-bgp ip route bgp ;;
    ike-sa) show ike-sa vpn ike sa ;;
    ipsec-log)
      read -ra words <<<"$IPSEC_LOG"
      show_through last_lines ipsec-log log "${words[@]}"
      ;;
  esac
}

# side_by_side FUNCTION TARGET… - so many at a time, and no more.
side_by_side() {
  local target running=0
  for target in "${@:2}"; do
    if ((running == PINGS_AT_ONCE)); then
      wait -n || true
      running=$((running - 1))
    fi
    "$1" "$target" &
    running=$((running + 1))
  done
  wait
}

ping_small() {
  ask_through keep_ping "ping-$1" timeout -k 5 "$PING_WAIT" lxc exec router -- ping -c 3 -W 2 "$1"
}

ping_in_full_size() {
  ask_through keep_ping "full-size-ping-$1" \
    timeout -k 5 "$PING_WAIT" lxc exec router -- ping -c 1 -W 2 -M "do" -s "$FULL_SIZE" "$1"
}

# keep_ping - leaves of a ping's report what is read: the times of single replies would fill a hub's answer, as nothing
# packs them.
keep_ping() {
  sed -E '
    s/ ttl=[0-9]+ time=[0-9.]+ ms//
    s/, time [0-9]+ms$//
    s|^(rtt [^ ]+ = )[0-9.]+/([0-9.]+)/.*|\1-/\2/-|'
}

# last_lines - leaves of a log its end, without what looks like a secret: strongSwan writes some at high levels, as text
# or as bytes in columns.
last_lines() {
  tail -n 40 | sed -E "
    s/^(.{400}).+/\1…/
    s/((secret|psk|password|passphrase)( *[=:]+>? *| +[\"'])).*/\1***/I
    s/([0-9]+: +)([0-9a-f]{2} ){4}.*/\1***/I"
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
