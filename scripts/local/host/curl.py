#!/opt/bin/python3 -S
"""curl on a host whose metadata service is switched off: nobody listens at its address."""

import sys

import state

REFUSED = 7

state.fail(f"curl: ({REFUSED}) Failed to connect to {sys.argv[-1]}: Connection refused", REFUSED)
