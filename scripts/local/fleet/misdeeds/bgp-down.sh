#!/bin/bash
# Ends the BGP daemon.
kill -9 "$(cat /run/frr/bgpd.pid)"
