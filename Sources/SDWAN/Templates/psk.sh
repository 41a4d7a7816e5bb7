#!/bin/bash
# The pre-shared keys on their way into a script for the router. Expects REGION, PSK_PARAMETER (the common key's) and
# WANTED_KEYS: "/" for the common key, "/TUNNEL" for a tunnel's own, separated by spaces.

declare -A keys

# read_keys - keeps the keys in memory, if VyOS takes them.
read_keys() {
  local name
  for name in $WANTED_KEYS; do
    # What it could not do it has said.
    keys[$name]=$(read_key "$PSK_PARAMETER${name%/}") || exit 1
  done
}

# read_key PARAMETER - prints it: no quotes in a value, and 1.4 hands a backslash on unescaped.
read_key() {
  local key
  key=$(read_secret "$1") || exit 1
  case $key in
    '') fail "the secret $1 is empty" ;;
    *[\'\"\\]* | *$'\n'*) fail "the secret $1 holds a quote, a backslash or a newline, which VyOS refuses" ;;
  esac
  printf '%s' "$key"
}

# fill_in TEXT - prints the text of that name with the keys in it: each goes from a shell variable into a file, on no command
# line, in no log. @VPN_PSK@ stands for the common key, @VPN_PSK/TUNNEL@ for a tunnel's own.
fill_in() {
  local line name
  "$1" | while IFS= read -r line; do
    case $line in
      *@VPN_PSK*@*)
        name=${line#*@VPN_PSK}
        name=${name%%@*}
        printf '%s%s%s\n' "${line%%@VPN_PSK*}" "${keys[${name:-/}]}" "${line#*@VPN_PSK"$name"@}"
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}
