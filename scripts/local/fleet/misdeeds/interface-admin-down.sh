#!/bin/bash
# Switches every VTI off, as `disable` does it: VyOS's hook leaves it so.
for vti in $(ip -brief link | grep -o '^vti[0-9]*'); do
  : >"/run/own/$vti.disabled"
  ip link set "$vti" down
done
