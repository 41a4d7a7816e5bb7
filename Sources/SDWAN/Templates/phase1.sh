#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this, $container from container.sh
# Phase 1: a bare Ubuntu host becomes one that runs a VyOS router in the LXD container `router`.
# Expects REGION, IMAGE_BUCKET, IMAGE_KEY, IMAGE_REGION, IMAGE_SHA256 (may be empty), PASSWORD_PARAMETER,
# READY_WAIT (seconds), RECREATE (always, changed or never: whether an existing router is made anew), PLAN (yes to tell
# what would be done, and do nothing), and the texts lxd_preseed, config_boot and configure_script.

main() {
  if [[ $PLAN == yes ]]; then
    plan
    return
  fi
  wait_for_first_boot
  install_packages
  install_snaps
  set_password
  prepare_lxd
  describe_cards
  mend_replacement
  if router_is_wanted; then
    is_running || start_router
    wait_until_ready
    say "the router is as wanted and was left alone"
    return
  fi
  look_first
  import_image
  make_container
  replace_router
  say "the router is up"
}

plan() {
  look_for_container
  if [[ $container != absent ]] && ! router_is_wanted; then container=unwanted; fi
  say "plan: the router is $container"
}

# wanted_state - a hash of all that makes the router what it is.
wanted_state() {
  {
    printf '%s\n' "$IMAGE_BUCKET" "$IMAGE_KEY" "$IMAGE_REGION" "$IMAGE_SHA256"
    config_boot
    configure_script
  } | sha256sum | cut -d ' ' -f 1
}

# A router without the mark was never brought to its end.
router_is_wanted() {
  local mark
  if ! has_container router; then return 1; fi
  mark=$(mark_of router)
  case $RECREATE in
    never) [[ -n $mark ]] ;;
    changed) [[ $mark == "$(wanted_state)" ]] ;;
    *) return 1 ;;
  esac
}

# look_first - what would stop a replacement half-way is known before it begins.
look_first() {
  look_for_cards
  if has_container router && [[ $(ask_lxd 60 config get router security.protection.delete) == true ]]; then
    fail "the router is protected from being deleted (security.protection.delete), so it is not replaced"
  fi
}

run
