#!/bin/bash
# shellcheck disable=SC2154 # $work comes from common.sh, which stands in front of this
# What a router's host needs of Ubuntu, on a machine that may be in its first minutes.

# What apt and dpkg say of trouble that passes: somebody else is at work, or a mirror is away.
readonly APT_PASSING='could not get lock|unable to lock|unable to acquire|locked by another process|resource temporarily unavailable|failed to fetch|could not resolve|could not connect|connection (failed|timed out|reset)|temporary failure|hash sum mismatch|unable to fetch|mirror sync'
readonly SNAP_PASSING='change in progress|too early for operation|not yet seeded|cannot communicate with server|connection refused|connection reset|store (server )?(is|returned)|status code (429|5[0-9][0-9])|timeout|timed out|unexpected eof|daemon is (stopping|restarting)|system (is )?(restarting|rebooting)|try again|temporary failure|no such host'

# patiently SECONDS WHAT PATTERN COMMAND… - a quiet command, tried again while what it says fits the pattern: trouble
# that passes.
patiently() {
  local until=$((SECONDS + $1)) what=$2 passing=$3 status=1
  shift 3
  while ((until > SECONDS)); do
    status=0
    quietly $((until - SECONDS)) "$what" "$@" || status=$?
    if ((status == 0)) || ! grep -qiE "$passing" "$work/said"; then break; fi
    cp "$work/said" "$work/said.before"
    sleep 5
  done
  rm -f "$work/said.before"
  return "$status"
}

# A first boot installs and upgrades on its own. What cloud-init thinks of itself afterwards is not our affair.
wait_for_first_boot() {
  command -v cloud-init >/dev/null || return 0
  quietly 180 "the first boot" cloud-init status --wait || say "cloud-init ended with: $(said)"
}

install_packages() {
  local -a broken=()
  export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$work/apt.conf"
  # Restarting services whose libraries are new would end the agent that runs this.
  export NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1
  cat >"$APT_CONFIG" <<'EOF'
DPkg::Lock::Timeout "60";
Acquire::Retries "3";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
// Without it a mirror that is away is no error.
APT::Update::Error-Mode "any";
Dpkg::Use-Pty "0";
quiet "1";
EOF
  # One that was interrupted between two of its notes finds nothing wrong, and apt refuses to go on.
  [[ -z $(dpkg --audit 2>&1) && -z $(ls -A /var/lib/dpkg/updates 2>/dev/null) ]] ||
    patiently 240 "dpkg" "$APT_PASSING" dpkg --configure -a ||
    fail "what dpkg had begun can't be brought to its end: $(said)"
  # What was being unpacked has nothing to be configured; apt takes it for installed, as its version is right.
  mapfile -t broken < <(dpkg-query -W -f '${db:Status-Eflag} ${Package}\n' 2>/dev/null | sed -n 's/^reinstreq //p')
  patiently 120 "the packages' lists" "$APT_PASSING" apt-get update ||
    fail "apt-get update failed: $(said)"
  ((${#broken[@]} == 0)) || patiently 240 "the packages" "$APT_PASSING" apt-get -y --reinstall install "${broken[@]}" ||
    fail "what dpkg had begun can't be installed anew: $(said)"
  patiently 240 "the packages" "$APT_PASSING" \
    apt-get install -y python3-pip net-tools tmux curl unzip jq ||
    fail "the packages can't be installed: $(said)"
}

install_snaps() {
  patiently 120 "snapd" "$SNAP_PASSING" \
    snap wait system seed.loaded ||
    fail "snapd is not ready: $(said)"
  patiently 240 "snap" "$SNAP_PASSING" \
    snap install lxd ||
    fail "snap could not install lxd: $(said)"
  patiently 120 "snapd" "$SNAP_PASSING" \
    snap wait system seed.loaded ||
    fail "snapd is not ready: $(said)"
  patiently 240 "snap" "$SNAP_PASSING" \
    snap install aws-cli --classic ||
    fail "snap could not install aws-cli: $(said)"
}

set_password() {
  local password
  password=$(read_secret "$PASSWORD_PARAMETER")
  [[ -n $password && $password != *$'\n'* ]] || fail "the secret $PASSWORD_PARAMETER is empty or has several lines"
  printf 'ubuntu:%s\n' "$password" | limited 30 "chpasswd" chpasswd || fail "the password of user ubuntu can't be set"
}
