# shellcheck shell=bash
# What every script here needs; sourced, not run.

repo_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
venv="$repo_root/.local/venv"
# The functions that are deployed.
# shellcheck disable=SC2034 # for the scripts that source this
functions=(phase1 phase2 phase3)
# Those of the other systems, one each.
# shellcheck disable=SC2034 # for the scripts that source this
systems=(recovery upgrade files)
# What real routers of the local run are made of.
# shellcheck disable=SC2034
router_packages=(strongswan-charon strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins
  libstrongswan-extra-plugins frr iproute2 iputils-ping nftables)

# say WORDS… - one line of progress, on stderr so that stdout stays free for results.
say() { printf '==> %s\n' "$*" >&2; }

# die WORDS… - the reason why a script ends.
die() {
  printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# ensure_debian_packages PACKAGE… - installs those that are missing, after saying so.
ensure_debian_packages() {
  local package missing=() as_root=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "missing Debian packages: ${missing[*]} (install them as root, then run this again)"
    as_root=(sudo)
  fi
  say "installing Debian packages: ${missing[*]}"
  # Another step may be installing something too: apt itself would not wait.
  mkdir -p "$repo_root/.local"
  (
    flock 9
    "${as_root[@]}" apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
  ) 9>"$repo_root/.local/apt.lock" || die "apt-get could not install: ${missing[*]}"
}

# ensure_venv - a Python virtual environment with the pinned tools of scripts/requirements.txt.
ensure_venv() {
  local wanted="$repo_root/scripts/requirements.txt"
  cmp -s "$wanted" "$venv/requirements.txt" && return 0
  say "making the Python environment .local/venv from scripts/requirements.txt"
  command -v python3 >/dev/null || ensure_debian_packages python3
  if ! python3 -m venv "$venv" >/dev/null 2>&1; then
    ensure_debian_packages python3-venv
    python3 -m venv "$venv" >&2
  fi
  # Not bin/pip, which names the Python of the place where it was made.
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted" >&2 ||
    die "pip could not install scripts/requirements.txt"
  cp "$wanted" "$venv/requirements.txt"
}

# need COMMAND HINT - ends the script when a program that nobody can install for the user is missing.
need() { command -v "$1" >/dev/null || die "$1 is not installed: $2"; }

# ensure_build_tools - the C libraries and the compiler that `swift build` needs.
ensure_build_tools() {
  need swift "Swift 6.1 or newer, see https://www.swift.org/install"
  ensure_debian_packages libcurl4-openssl-dev libssl-dev zlib1g-dev pkg-config
  forget_moved_builds
}

# forget_moved_builds - removes what Swift has built while this checkout was somewhere else: its module caches hold absolute
# paths, and after a move or a copy nothing builds with them any more. Where it was built is written down beside it.
forget_moved_builds() {
  local place="$repo_root/.local/place" cache folder
  if [[ -f $place && $(<"$place") != "$repo_root" ]]; then
    for cache in "$repo_root"/{,cli/,examples/*/,scripts/bench.d/*/}.build/*/*/ModuleCache \
      "$repo_root"/.local/{*,*/*}/*/*/ModuleCache; do
      folder=${cache%/*/*/ModuleCache}
      [[ -d $folder ]] || continue
      say "$folder was built in another place, and is built anew"
      rm -rf "$folder"
    done
  fi
  mkdir -p "$repo_root/.local"
  # Not where it is the same: another step may be reading it.
  if [[ ! -f $place || $(<"$place") != "$repo_root" ]]; then printf '%s\n' "$repo_root" >"$place"; fi
}
