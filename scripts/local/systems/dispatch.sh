# shellcheck shell=bash disable=SC2154 # $scripts, $venv and $repo_root are the caller's
# scripts/run-local NAME: another system than the SD-WAN. Sourced with the caller's arguments, the name first.

# system_of WORDS… - sets $system where the first word is one; fails where it is none.
system_of() {
  [[ ${1:-} =~ ^[a-z]+$ && -f "$scripts/local/systems/$1/__main__.py" ]] && system=$1
}

# run_system WORDS… - prepares, and becomes the system's own program.
run_system() {
  local argument build=yes
  for argument in "$@"; do
    case $argument in
      -h | --help) exec python3 -m "local.systems.$system" --help ;;
      --skip-build) build=no ;;
    esac
  done
  ensure_debian_packages bubblewrap python3
  need terraform "version 1.11 or newer, see https://developer.hashicorp.com/terraform/install"
  ensure_venv
  if [[ $build == yes ]]; then
    ensure_build_tools
    say "building the operator's tool"
    swift build --package-path "$repo_root/cli" --product sdwan --quiet
    "$scripts/package" "$system"
  fi
  exec "$venv/bin/python" -m "local.systems.$system" "$@"
}
