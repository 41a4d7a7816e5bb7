#!/bin/bash
# Ends every child SA; the IKE SAs stay. Where both ends initiate there will be a second SA, up to some seconds after
# the first.
for socket in /run/vti*.vici; do
  sas() { swanctl --list-sas --raw --uri "unix://$socket"; }
  for _ in $(seq 60); do
    [ "$(sas | grep -o state=ESTABLISHED | wc -l)" -ge 2 ] && break
    sleep 0.1
  done
  for name in $(sas | grep -o ' {name=[^ ]*' | cut -d= -f2 | sort -u); do
    swanctl --terminate --child "$name" --timeout 5 --uri "unix://$socket"
  done
done
