#!/bin/bash
# RFC 8212, as FRR has it from the factory; it counts for sessions that begin afterwards.
set -e
# every look of phase 3 comes by here
[ ! -e /run/own/done.policy ] || exit 0
: >/run/own/done.policy

asn=$(vtysh -c 'show running-config' | sed -n 's/^router bgp \([0-9]*\).*/\1/p')
vtysh -c 'configure terminal' -c "router bgp $asn" -c 'bgp ebgp-requires-policy'
vtysh -c 'clear bgp ipv4 unicast *'
