#!/bin/bash
# Ends every child SA, and no new one comes, for its proposals are none of the peer's; there is an IKE SA all the same.
for file in /run/own/vti*.swanctl; do
  uri=unix:///run/$(basename "$file" .swanctl).vici
  sed -e 's/esp_proposals = .*/esp_proposals = 3des-md5/' -e 's/start_action = .*/start_action = none/' \
    -e 's/close_action = .*/close_action = none/' "$file" >/run/own/childless
  # this ends the SAs of an end that begins by itself
  swanctl --load-conns --file /run/own/childless --uri "$uri"
  for name in $(swanctl --list-sas --raw --uri "$uri" | grep -o ' {name=[^ ]*' | cut -d= -f2 | sort -u); do
    swanctl --terminate --child "$name" --timeout 5 --uri "$uri"
  done
  while read -r child; do
    swanctl --initiate --child "$child" --timeout 5 --uri "$uri"
  done < <(sed -n 's/^      \([^ ]*\) {$/\1/p' "$file")
done
true
