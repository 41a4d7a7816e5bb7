#!/bin/bash
# What every script on a host begins with. Expects LOCK_WAIT (seconds) and TIME_LIMIT (seconds that the whole script may
# take).
set -euo pipefail
umask 077
export PATH="$PATH:/snap/bin"

# Where root alone may write: in /run/lock anybody could hold it.
readonly LOCK_FILE=/run/sdwan.lock

say() { printf 'sdwan: %s\n' "$*"; }

fail() {
  printf 'sdwan: %s\n' "$*" >&2
  exit 1
}

# One run at a time on a host. The lock goes with the process that holds it, so a dead run leaves none.
exec 9>"$LOCK_FILE" || fail "the lock file $LOCK_FILE can't be opened"
flock -w "$LOCK_WAIT" 9 || fail "another run is at work on this host: $LOCK_FILE was not free within $LOCK_WAIT s"

# What a run left behind that was killed: it can't have been any other, for the lock is ours.
rm -rf /run/sdwan.?????? "${TMPDIR:-/tmp}"/sdwan.?????? /var/tmp/sdwan-image.*

# In memory where /run is, as it is on Ubuntu: a secret does not reach a disk.
work=$(mktemp -d /run/sdwan.XXXXXX 2>/dev/null) || work=$(mktemp -d -t sdwan.XXXXXX) || fail "no temporary folder can be made"
# An image that could not be used fills a disk.
trap 'rm -rf "$work" /var/tmp/sdwan-image.*' EXIT

# limited SECONDS WHAT COMMAND… - runs a command that may take so long, and never longer than what is left of the
# script's own time. In the foreground: what ends the script's process group ends the command too. What it prints goes
# into the file SAID, where there is one.
limited() {
  local seconds=$1 what=$2 status=0 left=$((TIME_LIMIT - SECONDS))
  shift 2
  ((left > 0)) || fail "$what: the $TIME_LIMIT s of the whole script were over"
  ((seconds <= left)) || seconds=$left
  bounded "$seconds" "$@" || status=$?
  # A client of LXD 5.0 may wait for ever for an answer that was lost when another one was killed; the next one is answered
  # at once. What runs in a container is not begun a second time.
  if is_over "$status" && [[ $1 == lxc && $2 != exec ]] && ((SECONDS < TIME_LIMIT)); then
    say "$what: ${*:1:3} had not ended after $seconds s, and is asked once more" >&2
    status=0 left=$((TIME_LIMIT - SECONDS))
    bounded "$((left < 30 ? left : 30))" "$@" || status=$?
  fi
  # What it said until then may be what it was waiting for.
  if is_over "$status"; then fail "$what: ${*:1:3} had not ended after $seconds s${SAID:+: $(said)}"; fi
  return "$status"
}

bounded() {
  if [[ -n ${SAID:-} ]]; then
    timeout --foreground -k 5 "$@" >"$SAID" 2>&1
  else
    timeout --foreground -k 5 "$@"
  fi
}

# is_over STATUS - whether a command's time was over. 137: it did not listen, and was killed.
is_over() { (($1 == 124 || $1 == 137)); }

# quietly SECONDS WHAT COMMAND… - the same, its output kept for the case that it is needed.
quietly() { SAID="$work/said" limited "$@" </dev/null; }

# said - what the last quiet command said at its end, in a line, without the progress that it showed. One that is cut short
# may have said nothing yet: then what was said the time before.
said() { cat "$work/said.before" "$work/said" 2>/dev/null | tr '\r' '\n' | grep -vE '^ *$|[0-9]+% \(' | tail -n 3 | tr -s '\n\t ' ' '; }

# ask_lxd SECONDS WORDS… - asks LXD, which reads nothing from the script's own input.
ask_lxd() { limited "$1" "LXD" lxc "${@:2}" </dev/null; }

# read_secret NAME - prints a SecureString that this host's own role may read.
read_secret() {
  limited 60 "the secret $1" \
    aws ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text --region "$REGION" ||
    fail "the secret $1 can't be read in $REGION: is it there, and does this host's role allow ssm:GetParameter on it?"
}

# Everything runs without the lock's descriptor (bash keeps a copy for itself meanwhile): a daemon that is
# started on the way can't hold the lock.
run() { main 9>&-; }
