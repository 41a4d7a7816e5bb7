#!/bin/bash
# Which of the host's network cards are the outside and the inside one. Their names are a hint only: another kind of
# instance has others, and a card that comes back from a container may have a new one.

# The metadata service of EC2 (version 2), on the instance itself.
readonly METADATA=http://169.254.169.254/latest

readonly MAC='^([0-9a-f]{2}:){5}[0-9a-f]{2}$'

# describe_cards - fills card_macs: the MAC addresses of the cards by their place (device number). Where there is no
# metadata service the running router tells which it has; without that it stays empty, and the names are believed.
describe_cards() {
  declare -gA card_macs=()
  ask_for_places
  if ((${#card_macs[@]} == 0)) && [[ -e /sys/class/net/lo ]]; then ask_router; fi
}

ask_router() {
  local place mac
  for place in 1 2; do
    mac=$(mac_in_router "$place")
    [[ ! $mac =~ $MAC ]] || card_macs[$place]=$mac
  done
}

# mac_in_router PLACE - of the card that the running router has.
mac_in_router() { ask_lxd 60 exec router -- cat "/sys/class/net/eth$(($1 - 1))/address" 2>/dev/null || true; }

ask_for_places() {
  local token mac place
  token=$(ask_metadata -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$METADATA/api/token") || return 0
  for mac in $(ask_metadata -H "X-aws-ec2-metadata-token: $token" "$METADATA/meta-data/network/interfaces/macs/"); do
    mac=${mac%/}
    [[ $mac =~ $MAC ]] || continue
    place=$(ask_metadata -H "X-aws-ec2-metadata-token: $token" \
      "$METADATA/meta-data/network/interfaces/macs/$mac/device-number") || continue
    [[ ! $place =~ ^[0-9]+$ ]] || card_macs[$place]=$mac
  done
}

ask_metadata() { curl -sf --noproxy '*' --connect-timeout 2 --max-time 5 "$@" 2>/dev/null; }

# name_of_card PLACE HINT - prints the name that the card has on the host at this moment.
name_of_card() {
  local mac=${card_macs[$1]:-} file
  if [[ -z $mac ]]; then
    printf '%s\n' "$2"
    return
  fi
  for file in /sys/class/net/*/address; do
    if [[ $(<"$file") == "$mac" ]]; then
      basename "$(dirname "$file")"
      return
    fi
  done
  return 1
}

# look_for_cards - the cards must be there, on the host or in the router that has them now.
look_for_cards() {
  local place
  ((${#card_macs[@]} > 0)) || return 0
  for place in 1 2; do
    [[ -n ${card_macs[$place]:-} ]] ||
      fail "this instance has no network card at place $place: it needs three (management, outside, inside)"
    ! name_of_card "$place" '' >/dev/null || continue
    [[ $(mac_in_router "$place") == "${card_macs[$place]}" ]] ||
      fail "the network card ${card_macs[$place]} (place $place) is neither on this host nor in its router"
  done
}

# give_cards CONTAINER - the outside card as eth0, the inside one as eth1. They may be with another container until it
# has stopped, and take a moment to come back.
give_cards() {
  local outside inside until=$((SECONDS + 20))
  until outside=$(name_of_card 1 ens6) && inside=$(name_of_card 2 ens7); do
    ((SECONDS < until)) || fail "the network cards did not come back to the host within 20 s"
    sleep 1
  done
  give_card "$1" eth0 "$outside"
  give_card "$1" eth1 "$inside"
}

# give_card CONTAINER DEVICE CARD
give_card() {
  if [[ -n $(ask_lxd 60 config device get "$1" "$2" parent 2>/dev/null) ]]; then
    ask_lxd 60 config device set "$1" "$2" parent "$3" || fail "$1 can't be given the card $3 as $2"
  else
    ask_lxd 60 config device add "$1" "$2" nic nictype=physical "parent=$3" "name=$2" >/dev/null ||
      fail "$1 can't be given the card $3 as $2"
  fi
}
