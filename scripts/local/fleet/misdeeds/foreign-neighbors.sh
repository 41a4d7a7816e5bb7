#!/bin/bash
# Neighbors, interfaces and a tunnel of other people.
set -e
# every look of phase 3 comes by here
[ ! -e /run/own/done.foreign-neighbors ] || exit 0
: >/run/own/done.foreign-neighbors

# no kernel has to have dummies or WireGuard for this
ip link add dum6 type veth peer name not-dum6
ip link set not-dum6 up
ip link set dum6 up
ip addr add 2001:db8:1f18:4a00:7c3e:91ff:fe52:aa10/128 dev dum6
ip tuntap add dev wg0 mode tun
ip addr add 192.0.2.209/29 dev wg0
ip link set wg0 up

asn=$(vtysh -c 'show running-config' | sed -n 's/^router bgp \([0-9]*\).*/\1/p')
vtysh -c 'configure terminal' -c "router bgp $asn" -c 'neighbor 192.0.2.6 remote-as 64502' \
  -c 'neighbor 192.0.2.6 description link to the (old) house' -c 'neighbor 2001:db8::192:0:2:202 remote-as 64443' \
  -c 'address-family ipv4 unicast' -c 'neighbor 192.0.2.6 activate' -c 'neighbor 2001:db8::192:0:2:202 activate'

for file in /run/own/vti*.swanctl; do break; done
{
  cat "$file"
  cat <<'PARTNER'
connections {
  OFFICE-B {
    version = 1
    remote_addrs = 198.51.100.20
    local {
      auth = psk
    }
    remote {
      auth = psk
      id = "C=DE, O=Partner, CN=office"
    }
    children {
      OFFICE-B-tunnel-0 {
        local_ts = 192.168.0.0/24
        remote_ts = 10.0.0.0/21
      }
    }
  }
}
PARTNER
} >/run/own/foreign
swanctl --load-conns --file /run/own/foreign --uri "unix:///run/$(basename "$file" .swanctl).vici"
