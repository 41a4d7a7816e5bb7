#!/bin/bash
# A second IKE SA to each peer, without a child, by a connection that is then forgotten: at the peer both SAs have the
# name of its one connection. VyOS 1.4 and later show the first of them, which is the newest; 1.3 shows the last, so
# there the old one goes and a new one with a child comes.
set -e
# every look of phase 3 comes by here
[ ! -e /run/own/done.two-ike-sas ] || exit 0
: >/run/own/done.two-ike-sas

for file in /run/own/vti*.swanctl; do
  uri=unix:///run/$(basename "$file" .swanctl).vici
  # it has to differ from its original, or strongSwan takes the SA that is there
  sed -n '/^connections/,/^}/p' "$file" |
    sed -e '/^    children {/,/^    }/d' -e 's/^  \([^ ].*\) {$/  again-\1 {\n    keyingtries = 2/' >/run/own/again
  cat "$file" >>/run/own/again
  swanctl --load-conns --file /run/own/again --uri "$uri"
  while read -r name; do
    swanctl --initiate --ike "$name" --timeout 10 --uri "$uri"
  done < <(sed -n 's/^  \(again-.*\) {$/\1/p' /run/own/again)
  swanctl --load-conns --file "$file" --uri "$uri"
  while read -r child; do
    swanctl --terminate --ike "${child%-tunnel-vti}" --timeout 10 --uri "$uri"
    swanctl --initiate --child "$child" --timeout 10 --uri "$uri"
  done < <(sed -n 's/^      \(.*-tunnel-vti\) {$/\1/p' "$file")
done
