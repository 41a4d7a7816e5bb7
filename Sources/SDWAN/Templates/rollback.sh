#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# Phase 2, mode rollback: gives the router the configuration back that it had before this execution changed it.
# Expects the text rollback_script.

main() {
  local status=0
  require_router
  rollback_script >"$work/sdwan-rollback.vbash"
  configure_router "$work/sdwan-rollback.vbash" || status=$?
  ((status == 0)) || fail "the router did not go back to its previous configuration (exit status $status)"
}

run
