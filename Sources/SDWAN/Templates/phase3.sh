#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 3: asks the router how it is. Judging is not done here.
# Expects PING_TARGETS and FULL_SIZE_TARGETS (addresses, separated by spaces), FULL_SIZE (bytes after a ping's head),
# ROUTES (destinations with prefix length, separated by spaces), SHOW_CONNECTIONS and ASK_WHY (yes or no), and
# IPSEC_LOG (what the dialect calls the IPsec log).

main() {
  local target words
  # The pings run side by side, and beside the questions.
  for target in $PING_TARGETS; do
    ask_through keep_ping "ping-$target" lxc exec router -- ping -c 3 -W 2 "$target" &
  done
  show ipsec-sa vpn ipsec sa
  if [[ $SHOW_CONNECTIONS == yes ]]; then show ipsec-connections vpn ipsec connections; fi
  show bgp-summary ip bgp summary
  show interfaces interfaces
  show_through keep_routes ip-route-bgp ip route bgp
  if [[ $ASK_WHY == yes ]]; then
    read -ra words <<<"$IPSEC_LOG"
    show ike-sa vpn ike sa
    show_through last_lines ipsec-log log "${words[@]}"
  fi
  wait
  # Not beside the small ones: a busy host would lose packets of its own making.
  for target in $FULL_SIZE_TARGETS; do
    ask_through keep_ping "full-size-ping-$target" \
      lxc exec router -- ping -c 1 -W 2 -M "do" -s "$FULL_SIZE" "$target" &
  done
  wait
  print_answers
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
