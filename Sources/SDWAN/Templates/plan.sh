#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this, $container from container.sh
# Plan of phase 2: tells what it would change in the router, and changes nothing. Nothing leaves the host but that.
# Expects what psk.sh expects, FIRST_LINE and MOST_LINES (which of the plan's lines are told: a new hub's are thousands), and
# the text plan_script, which psk.sh fills in.

main() {
  look_for_container
  say "plan: the router is $container" >"$work/container.answer"
  echo 0 >"$work/container.status"
  if [[ $container == running ]]; then ask_router; fi
  print_answers
}

ask_router() {
  local status=0
  read_keys
  fill_in plan_script >"$work/sdwan-plan.vbash"
  configure_router "$work/sdwan-plan.vbash" >"$work/told" 2>"$work/plan.complaint" || status=$?
  {
    sed '/^plan /d' "$work/told"
    sed -n '/^plan /p' "$work/told" | sed -n "$FIRST_LINE,$((FIRST_LINE + MOST_LINES - 1))p"
  } >"$work/plan.answer"
  echo "$status" >"$work/plan.status"
  sed -n '/^plan /p' "$work/told" | wc -l >"$work/plan-lines.answer"
  echo 0 >"$work/plan-lines.status"
}

run
