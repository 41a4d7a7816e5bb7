#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# A router is replaced by one that is made beside it: what can be known is known before the old one stops, and it is put
# back where the new one does not come up. `router-new` is being made, `router-old` is waiting to be put back.
# A router that has come up has the mark user.sdwan-state, which is set at the very end.

# containers - the names of all, one a line. LXD that does not answer is no host without containers.
containers() {
  ask_lxd 60 list --format csv -c n 2>"$work/lxd" || fail "LXD does not answer: $(tail -n 1 "$work/lxd")"
}

has_container() { containers >"$work/containers" && grep -qxF -e "$1" "$work/containers"; }

# mark_of CONTAINER - prints its mark; nothing for one that was never brought to its end.
mark_of() { ask_lxd 60 config get "$1" user.sdwan-state 2>/dev/null || true; }

state_of() { ask_lxd 60 list "^$1\$" --format csv -c s; }

is_running() { [[ $(state_of router) == RUNNING* ]]; }

# discard CONTAINER - a half-made one, or one that was replaced.
discard() {
  if ! quietly 120 "LXD" lxc delete "$1" --force; then
    say "the container $1 could not be deleted: $(said)"
    return 1
  fi
}

# mend_replacement - brings a replacement that was interrupted to one of its two ends.
mend_replacement() {
  if has_container router-old; then
    if has_container router && [[ -n $(mark_of router) ]]; then
      discard router-old || true
    else
      # One without the mark was never brought to its end: it is no loss, and the next one replaces it.
      put_back || [[ -z $(mark_of router) ]] ||
        fail "an interrupted run has put the router aside as router-old, and it can't be put back: $(said)"
      say "an interrupted run had put the router aside"
    fi
  fi
  if has_container router-new; then discard router-new || fail "a half-made router-new is in the way"; fi
  # Stopped for a replacement that did not come to the point of putting it aside.
  if has_container router && [[ -n $(mark_of router) && $(ask_lxd 60 config get router boot.autostart) == false ]]; then
    put_back || fail "an interrupted run has stopped the router, and it can't be started: $(said)"
    say "an interrupted run had stopped the router: it is back"
  fi
}

# put_back - the old router in its place again, whatever is there now. LXD may be restarting.
put_back() {
  local until=$((SECONDS + 90))
  # In a shell of its own: what fails now may work in a moment.
  until (put_back_once) 2>/dev/null; do
    ((SECONDS < until && SECONDS + 3 < TIME_LIMIT)) || return 1
    sleep 3
  done
}

put_back_once() {
  if has_container router-old; then
    if has_container router; then discard router || return 1; fi
    quietly 60 "LXD" lxc rename router-old router || return 1
  fi
  quietly 60 "LXD" lxc config set router boot.autostart true || return 1
  give_cards router || return 1
  is_running || quietly 120 "LXD" lxc start router
}

# watch_replacement - from now on the old router comes back even if this script is killed: a process of its own waits for
# the lock, which goes with the script, and mends what it finds then.
watch_replacement() {
  local watchdog
  watchdog=$(mktemp /run/sdwan-watchdog.XXXXXX 2>/dev/null) || watchdog=$(mktemp -t sdwan-watchdog.XXXXXX)
  {
    declare -p card_macs
    declare -f say fail limited bounded is_over quietly said ask_lxd containers has_container mark_of state_of is_running discard \
      mend_replacement put_back put_back_once name_of_card give_cards give_card
    cat <<'EOF'
rm -f "$0"
flock -w 900 9 || exit
SECONDS=0 TIME_LIMIT=600
work=$(mktemp -d /run/sdwan.XXXXXX) || exit
mend_replacement
rm -rf "$work"
EOF
  } >"$watchdog"
  setsid bash "$watchdog" 9>"$LOCK_FILE" </dev/null >/dev/null 2>&1 &
  watchdog_pid=$!
}

# stop_watching - the replacement has come to one of its ends.
stop_watching() { kill -- "-$watchdog_pid" 2>/dev/null || true; }

# make_container - router-new, whole but for the cards, which are the old one's yet.
make_container() {
  # Privileged: VyOS sets kernel parameters and mounts file systems.
  quietly 240 "LXD" lxc init vyos router-new --profile sdwan -c limits.cpu=1 -c limits.memory=2048MiB \
    -c security.privileged=true -c boot.autostart=false || fail "the router's container can't be made: $(said)"
  quietly 60 "the image" lxc file pull router-new/opt/vyatta/bin/vyatta-op-cmd-wrapper "$work/wrapper" || {
    discard router-new || true
    fail "there is no VyOS in the image s3://$IMAGE_BUCKET/$IMAGE_KEY: it has no /opt/vyatta/bin/vyatta-op-cmd-wrapper"
  }
  config_boot >"$work/config.boot"
  chmod 0644 "$work/config.boot"
  # Where VyOS itself has it: /config is mounted from there when the router starts.
  quietly 60 "LXD" lxc file push "$work/config.boot" router-new/opt/vyatta/etc/config/config.boot || {
    discard router-new || true
    fail "the router's config.boot can't be pushed: $(said)"
  }
}

# wait_for_files - LXD keeps a process for the files of a container that does not run, some ten seconds after the last
# one; once the container has another name, its start waits for that process. Here the old router still works.
wait_for_files() {
  local until=$((SECONDS + 20))
  while pgrep -f 'lxd forkfile .*-1 -1$' >/dev/null && ((SECONDS < until)); do sleep 1; done
}

# replace_router - the new one takes the old one's place, or the old one has it back.
replace_router() {
  local cause had_router=no
  if has_container router; then
    had_router=yes
    wait_for_files
  fi
  watch_replacement
  if (swap "$had_router") 2>"$work/cause"; then
    stop_watching
    if [[ $had_router == yes ]]; then discard router-old || true; fi
    return
  fi
  cause=$(sed 's/^sdwan: //' "$work/cause" | tail -n 3 | tr -s '\n' ' ')
  if [[ $had_router == no ]]; then
    stop_watching
    fail "${cause% }"
  fi
  put_back || fail "${cause% }; and the old router could not be put back: $(said)"
  stop_watching
  fail "${cause% }; the old router is back in its place"
}

# swap HAD_ROUTER - in a shell of its own, so that it may fail anywhere.
swap() {
  if [[ $1 == yes ]]; then
    quietly 60 "LXD" lxc config set router boot.autostart false || fail "LXD refused: $(said)"
    if is_running; then quietly 120 "LXD" lxc stop router --force || fail "the old router does not stop: $(said)"; fi
    quietly 60 "LXD" lxc rename router router-old || fail "the old router can't be put aside: $(said)"
  fi
  quietly 60 "LXD" lxc rename router-new router || fail "the new router can't take its place: $(said)"
  start_router
  wait_until_ready
  configure_interfaces
  quietly 60 "LXD" lxc config set router boot.autostart true || fail "LXD refused: $(said)"
  quietly 60 "LXD" lxc config set router user.sdwan-state "$(wanted_state)" || fail "the router can't be marked: $(said)"
}

start_router() {
  give_cards router
  quietly 120 "LXD" lxc start router || fail "the router's container does not start: $(said)"
}

wait_until_ready() {
  local until=$((SECONDS + READY_WAIT))
  until timeout --foreground -k 5 30 lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show interfaces \
    </dev/null >"$work/ready" 2>&1; do
    ((SECONDS < until && SECONDS < TIME_LIMIT)) ||
      fail "the router was not ready within $READY_WAIT s: $(tail -n 3 "$work/ready")"
    sleep 1
  done
}

configure_interfaces() {
  local status=0
  configure_script >"$work/sdwan-phase1.vbash"
  configure_router "$work/sdwan-phase1.vbash" || status=$?
  ((status == 0)) || fail "the router did not take its base configuration (exit status $status)"
}
