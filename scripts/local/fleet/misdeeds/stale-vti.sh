#!/bin/bash
# Leaves the first VTI down: VyOS's hook is not called again for an SA that stays.
ip link set "$(ip -brief link | grep -o '^vti[0-9]*' | head -1)" down
