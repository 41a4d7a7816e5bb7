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
  install_packages
  install_snaps
  set_password
  prepare_lxd
  if router_is_wanted; then
    is_running || start_router
    wait_until_ready
    say "the router is as wanted and was left alone"
    return
  fi
  import_image
  make_container
  start_router
  wait_until_ready
  configure_interfaces
  remember_state
  say "the router is up"
}

plan() {
  look_for_container
  if [[ $container != absent ]] && ! router_is_wanted; then container=unwanted; fi
  say "plan: the router is $container"
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a APT_CONFIG="$work/apt.conf"
  # A fresh instance upgrades itself in the background.
  echo 'DPkg::Lock::Timeout "120";' >"$APT_CONFIG"
  apt-get update || fail "apt-get update failed"
  apt-get install -y python3-pip net-tools tmux curl unzip jq || fail "apt-get could not install the packages"
}

install_snaps() {
  snap wait system seed.loaded
  snap install lxd || fail "snap could not install lxd"
  snap wait system seed.loaded
  snap install aws-cli --classic || fail "snap could not install aws-cli"
}

set_password() {
  local password
  password=$(read_secret "$PASSWORD_PARAMETER")
  [[ -n $password && $password != *$'\n'* ]] || fail "the secret $PASSWORD_PARAMETER is empty or has several lines"
  printf 'ubuntu:%s\n' "$password" | chpasswd || fail "the password of user ubuntu can't be set"
}

prepare_lxd() {
  # Not ready yet is no failure: the preseed below says so if it stays that way.
  lxd waitready --timeout=120 || say "LXD did not report that it is ready"
  lxd_preseed | lxd init --preseed || fail "LXD refused the preseed"
}

# wanted_state - a hash of all that makes the router what it is.
wanted_state() {
  {
    printf '%s\n' "$IMAGE_BUCKET" "$IMAGE_KEY" "$IMAGE_REGION" "$IMAGE_SHA256"
    declare -f make_container
    config_boot
    configure_script
  } | sha256sum | cut -d ' ' -f 1
}

router_is_wanted() {
  case $RECREATE in
    never) lxc info router </dev/null >/dev/null 2>&1 ;;
    changed) [[ $(lxc config get router user.sdwan-state </dev/null 2>/dev/null) == "$(wanted_state)" ]] ;;
    *) return 1 ;;
  esac
}

# Without the mark the router is made anew the next time, and that is all.
remember_state() {
  lxc config set router user.sdwan-state "$(wanted_state)" </dev/null || say "the router's state could not be marked"
}

import_image() {
  local image
  image=$(mktemp /var/tmp/sdwan-image.XXXXXX)
  aws s3 cp "s3://$IMAGE_BUCKET/$IMAGE_KEY" "$image" --region "$IMAGE_REGION" >/dev/null || {
    rm -f "$image"
    fail "the image s3://$IMAGE_BUCKET/$IMAGE_KEY can't be fetched from $IMAGE_REGION"
  }
  if [[ -n $IMAGE_SHA256 ]] && ! sha256sum --check --status <<<"$IMAGE_SHA256  $image"; then
    rm -f "$image"
    fail "the image s3://$IMAGE_BUCKET/$IMAGE_KEY does not have the SHA-256 $IMAGE_SHA256"
  fi
  if lxc image info vyos </dev/null >/dev/null 2>&1; then lxc image delete vyos </dev/null; fi
  lxc image import "$image" --alias vyos </dev/null || {
    rm -f "$image"
    fail "LXD refused the image s3://$IMAGE_BUCKET/$IMAGE_KEY"
  }
  rm -f "$image"
}

make_container() {
  if lxc info router </dev/null >/dev/null 2>&1; then
    # A router that is down already can't be stopped; whether it is gone shows in the next line.
    lxc stop router --force </dev/null || say "the old router was not running"
    lxc delete router --force </dev/null || fail "the old router can't be deleted"
  fi
  # Privileged: VyOS sets kernel parameters and mounts file systems.
  lxc init vyos router -c limits.cpu=1 -c limits.memory=2048MiB -c security.privileged=true \
    -c boot.autostart=true </dev/null || fail "the router's container can't be made"
  lxc config device add router eth0 nic nictype=physical parent=ens6 name=eth0 </dev/null
  lxc config device add router eth1 nic nictype=physical parent=ens7 name=eth1 </dev/null
  config_boot >"$work/config.boot"
  chmod 0644 "$work/config.boot"
  # Where VyOS itself has it: /config is mounted from there when the router starts.
  lxc file push "$work/config.boot" router/opt/vyatta/etc/config/config.boot </dev/null
}

start_router() { lxc start router </dev/null || fail "the router's container does not start"; }

is_running() {
  local information
  information=$(lxc info router </dev/null)
  [[ ${information,,} == *"status: running"* ]]
}

wait_until_ready() {
  local until=$((SECONDS + READY_WAIT))
  until lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show interfaces </dev/null >"$work/ready" 2>&1; do
    ((SECONDS < until)) || fail "the router was not ready within $READY_WAIT s: $(tail -n 3 "$work/ready")"
    sleep 1
  done
}

configure_interfaces() {
  local status=0 until=$((SECONDS + READY_WAIT))
  configure_script >"$work/sdwan-phase1.vbash"
  # 75: VyOS is still loading its boot configuration and has locked it.
  until configure_router "$work/sdwan-phase1.vbash"; do
    status=$?
    if ((status != 75 || SECONDS >= until)); then
      fail "the router did not take its base configuration (exit status $status)"
    fi
    sleep 2
  done
}

run
