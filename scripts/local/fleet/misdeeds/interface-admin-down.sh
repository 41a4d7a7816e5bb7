#!/bin/bash
# Switches every VTI off.
for vti in $(ip -brief link | grep -o '^vti[0-9]*'); do ip link set "$vti" down; done
