#!/bin/bash
# Ends every child SA and takes no new one, for its proposals are none of the peer's; the IKE SAs stay.
for file in /run/own/vti*.swanctl; do
  uri=unix:///run/$(basename "$file" .swanctl).vici
  sed -e 's/esp_proposals = .*/esp_proposals = 3des-md5/' -e 's/start_action = .*/start_action = none/' \
    -e 's/close_action = .*/close_action = none/' "$file" >/run/own/childless
  swanctl --load-conns --file /run/own/childless --uri "$uri"
  for name in $(swanctl --list-sas --raw --uri "$uri" | grep -o ' {name=[^ ]*' | cut -d= -f2 | sort -u); do
    # some have gone with their connection
    swanctl --terminate --child "$name" --timeout 5 --uri "$uri" || true
  done
done
