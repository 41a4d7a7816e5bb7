#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this, $LONGEST_PRINTED from the function
# Asks questions and prints the answers, each between two marks and with its exit status.
# Expects LONGEST_PRINTED (bytes of an answer that go out).

readonly ANSWER_WAIT=30
# Run Command keeps 24,000 characters: longer answers go out packed.
readonly LONGEST_PLAIN=20000
# A command that prints without end is cut here, before it fills the host's memory.
readonly LONGEST_ANSWER=2000000
# The exit status that a longer one is given.
readonly CUT=125
readonly LONGEST_COMPLAINT=2000

# show NAME WORDS… - asks with one of VyOS's operational commands.
show() { show_through cat "$@"; }

# show_through FILTER NAME WORDS…
show_through() {
  local filter=$1 name=$2
  shift 2
  ask_through "$filter" "$name" lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show "$@"
}

# ask NAME COMMAND… - keeps what a command prints, what it complains about, and how it ends.
ask() {
  local name=$1
  shift
  ask_through cat "$name" "$@"
}

# ask_through FILTER NAME COMMAND… - the same, and keeps only what the filter leaves of the answer. Neither the answer
# nor the complaints may grow without end: a command that prints on and on is hung up on, one that complains on and on
# is not listened to.
ask_through() {
  local filter=$1 name=$2
  shift 2
  {
    timeout -k 5 "$ANSWER_WAIT" "$@" </dev/null 2>&3 3>&- | "$filter" 3>&- |
      head -c "$LONGEST_ANSWER" 3>&- >"$work/$name.answer"
    echo "${PIPESTATUS[0]}" >"$work/$name.status"
  } 3>&1 | { head -c "$LONGEST_COMPLAINT" >"$work/$name.complaint" && cat >/dev/null; } || true
  if (($(wc -c <"$work/$name.answer") >= LONGEST_ANSWER)); then echo "$CUT" >"$work/$name.status"; fi
}

print_answers() {
  local file name
  for file in "$work"/*.answer; do
    name=$(basename "$file" .answer)
    if (($(wc -c <"$file") > LONGEST_PRINTED)); then echo "$CUT" >"$work/$name.status"; fi
    printf '=====[ %s ]=====\n' "$name"
    head -c "$LONGEST_PRINTED" "$file"
    printf '\n=====[ end %s %s ]=====\n' "$name" "$(cat "$work/$name.status")"
    if [[ -s $work/$name.complaint ]]; then
      printf '=====[ %s.stderr ]=====\n' "$name"
      head -c "$LONGEST_COMPLAINT" "$work/$name.complaint"
      printf '\n=====[ end %s.stderr 0 ]=====\n' "$name"
    fi
  done >"$work/answers"
  if (($(wc -c <"$work/answers") <= LONGEST_PLAIN)); then
    cat "$work/answers"
  else
    echo '=====[ gzip base64 ]====='
    gzip -9 -c "$work/answers" | base64
  fi
}
