#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 2: gives the router its tunnels and BGP.
# Expects REGION, PSK_PARAMETER, and the text configure_script, in which @VPN_PSK@ stands for the key.

main() {
  local psk status=0
  lxc info router </dev/null >/dev/null || fail "there is no container named router on this host: run phase 1 first"
  psk=$(read_secret "$PSK_PARAMETER")
  check_psk "$psk"
  fill_in "$psk" >"$work/sdwan-phase2.vbash"
  chmod 0700 "$work/sdwan-phase2.vbash"
  configure_router "$work/sdwan-phase2.vbash" || status=$?
  ((status == 0)) || fail "the router did not take its VPN and BGP configuration (exit status $status)"
}

# VyOS takes no quotes in a value, and 1.4 hands a backslash on unescaped.
check_psk() {
  case $1 in
    '') fail "the secret $PSK_PARAMETER is empty" ;;
    *[\'\"\\]* | *$'\n'*) fail "the secret $PSK_PARAMETER holds a quote, a backslash or a newline, which VyOS refuses" ;;
  esac
}

# The key goes from a shell variable into the file: on no command line, in no log.
fill_in() {
  local line
  configure_script | while IFS= read -r line; do
    case $line in
      *@VPN_PSK@*) printf '%s%s%s\n' "${line%%@VPN_PSK@*}" "$1" "${line#*@VPN_PSK@}" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}

run
