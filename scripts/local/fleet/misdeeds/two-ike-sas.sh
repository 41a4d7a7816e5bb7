#!/bin/bash
# Two IKE SAs of one name, of which VyOS shows the one without a child. What makes the second one has to differ from its
# original, or strongSwan takes the SA that is there.
set -e
# every look of phase 3 comes by here
[ ! -e /run/own/done.two-ike-sas ] || exit 0
: >/run/own/done.two-ike-sas

# names - of the connections in a file.
names() { sed -n 's/^  \([^ ].*\) {$/\1/p' "$1" | grep -v '^ike-'; }

# 1.3 shows the last of two, which is the older: one that never gets an answer, before one that does.
older_in_vain() {
  local file=$1 uri=$2 name id old
  old=$(swanctl --list-sas --raw --uri "$uri" | sed -n 's/.* {uniqueid=\([0-9]*\) version=2 state=ESTABLISHED .*/\1/p')
  sed -e 's/remote_addrs = .*/remote_addrs = 192.0.2.250\n    over_time = 77s/' \
    -e 's/start_action = .*/start_action = none/' "$file" >/run/own/again
  swanctl --load-conns --file /run/own/again --uri "$uri"
  for name in $(names "$file"); do swanctl --initiate --ike "$name" --timeout 1 --uri "$uri" || true; done
  swanctl --load-conns --file "$file" --uri "$uri"
  # an end that initiates has done both by itself, and refuses a duplicate
  for id in $old; do swanctl --terminate --ike-id "$id" --timeout 10 --uri "$uri" || true; done
  for name in $(names "$file"); do swanctl --initiate --child "$name-tunnel-vti" --timeout 10 --uri "$uri" || true; done
  swanctl --list-sas --raw --uri "$uri" | grep -q state=INSTALLED
}

# 1.4 and later show the first of two, which is the newer: at the peer, one by a connection that is then forgotten.
newer_without_child() {
  local file=$1 uri=$2 name
  {
    cat "$file"
    sed -n '/^connections/,/^}/p' "$file" |
      sed -e '/^    children {/,/^    }/d' -e 's/^  \([^ ].*\) {$/  again-\1 {\n    over_time = 77s/'
  } >/run/own/again
  swanctl --load-conns --file /run/own/again --uri "$uri"
  for name in $(names "$file"); do swanctl --initiate --ike "again-$name" --timeout 10 --uri "$uri"; done
  swanctl --load-conns --file "$file" --uri "$uri"
}

for file in /run/own/vti*.swanctl; do
  uri=unix:///run/$(basename "$file" .swanctl).vici
  if grep -q -e '-tunnel-vti {' "$file"; then older_in_vain "$file" "$uri"; else newer_without_child "$file" "$uri"; fi
done
