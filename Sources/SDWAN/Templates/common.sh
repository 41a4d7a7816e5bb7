#!/bin/bash
# What every script on a host begins with. Expects LOCK_WAIT (seconds).
set -euo pipefail
umask 077
export PATH="$PATH:/snap/bin"

readonly LOCK_FILE=/run/lock/sdwan.lock

say() { printf 'sdwan: %s\n' "$*"; }

fail() {
  printf 'sdwan: %s\n' "$*" >&2
  exit 1
}

# One run at a time on a host. The lock goes with the process that holds it, so a dead run leaves none.
exec 9>"$LOCK_FILE" || fail "the lock file $LOCK_FILE can't be opened"
flock -w "$LOCK_WAIT" 9 || fail "another run is at work on this host: $LOCK_FILE was not free within $LOCK_WAIT s"

# In memory where /run is, as it is on Ubuntu: a secret does not reach a disk.
work=$(mktemp -d /run/sdwan.XXXXXX 2>/dev/null) || work=$(mktemp -d) || fail "no temporary folder can be made"
trap 'rm -rf "$work"' EXIT

# read_secret NAME - prints a SecureString that this host's own role may read.
read_secret() {
  aws ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text --region "$REGION" ||
    fail "the secret $1 can't be read in $REGION: is it there, and does this host's role allow ssm:GetParameter on it?"
}

# configure_router FILE - runs a configuration script inside the router and keeps its exit status.
configure_router() {
  local target status=0
  target=/tmp/$(basename "$1")
  chmod 0700 "$1"
  lxc file push "$1" "router$target" </dev/null || fail "the configuration script can't be pushed into the router"
  lxc exec router -- sg vyattacfg -c "/bin/vbash $target" </dev/null || status=$?
  lxc exec router -- rm -f "$target" </dev/null || fail "the configuration script $target can't be removed from the router"
  return "$status"
}

# Everything runs without the lock's descriptor (bash keeps a copy for itself meanwhile): a daemon that is
# started on the way can't hold the lock.
run() { main 9>&-; }
