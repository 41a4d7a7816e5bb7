# shellcheck shell=bash disable=SC2154 # $scripts, $venv and $repo_root are run-local's
# What `run-local files` does first: installs, and builds the package and the tool. Sourced with the run's arguments.

build=yes
for argument in "$@"; do
  case $argument in
    -h | --help) exec python3 -m local.systems.files --help ;;
    --skip-build) build=no ;;
  esac
done
ensure_debian_packages bubblewrap python3
need terraform "version 1.11 or newer, see https://developer.hashicorp.com/terraform/install"
ensure_venv
if [[ $build == yes ]]; then
  ensure_build_tools
  "$scripts/package" files
  swift build --package-path "$repo_root/cli" --product sdwan --quiet
fi
[[ -f $repo_root/dist/files.zip ]] || die "--skip-build, but there is no dist/files.zip: run scripts/package files"
[[ -x $repo_root/cli/.build/debug/sdwan ]] || die "--skip-build, but the tool is not built: swift build --package-path cli"
