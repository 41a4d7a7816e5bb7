#!/bin/bash
# An outbound filter that lets nothing through.
set -e
# every look of phase 3 comes by here
[ ! -e /run/own/done.sends-nothing ] || exit 0
: >/run/own/done.sends-nothing

running=$(vtysh -c 'show running-config')
asn=$(echo "$running" | sed -n 's/^router bgp \([0-9]*\).*/\1/p')
vtysh -c 'configure terminal' -c 'route-map NOTHING deny 10'
for neighbor in $(echo "$running" | sed -n 's/^ neighbor \([0-9.]*\) remote-as .*/\1/p'); do
  vtysh -c 'configure terminal' -c "router bgp $asn" -c 'address-family ipv4 unicast' \
    -c "neighbor $neighbor route-map NOTHING out"
done
vtysh -c 'clear bgp ipv4 unicast * soft out'
