#!/bin/bash
# The pre-shared key on its way into a script for the router. Expects REGION and PSK_PARAMETER.

# read_psk - prints the key, if VyOS takes it: no quotes in a value, and 1.4 hands a backslash on unescaped.
read_psk() {
  local psk
  # What it could not do it has said.
  psk=$(read_secret "$PSK_PARAMETER") || exit 1
  case $psk in
    '') fail "the secret $PSK_PARAMETER is empty" ;;
    *[\'\"\\]* | *$'\n'*) fail "the secret $PSK_PARAMETER holds a quote, a backslash or a newline, which VyOS refuses" ;;
  esac
  printf '%s' "$psk"
}

# fill_in TEXT KEY - prints the text of that name with the key in it: it goes from a shell variable into a file, on no
# command line, in no log.
fill_in() {
  local line
  "$1" | while IFS= read -r line; do
    case $line in
      *@VPN_PSK@*) printf '%s%s%s\n' "${line%%@VPN_PSK@*}" "$2" "${line#*@VPN_PSK@}" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}
