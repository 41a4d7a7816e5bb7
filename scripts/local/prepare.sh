# shellcheck shell=bash disable=SC2154 # $scripts, $venv, $repo_root and $functions are the caller's
# What run-local and lab do first: says which routers there will be, installs, builds. Sourced with the
# caller's arguments.

# why_simulated - the reason why the routers can't be real; nothing where they can.
why_simulated() {
  local reason
  # as root the packages are installed; a user is asked for nothing, and gets the simulation without them
  if ((EUID == 0)); then
    (ensure_debian_packages "${router_packages[@]}" >/dev/null) || true
  fi
  reason=$(python3 -m local.dataplane.start) || echo "$reason"
}

# build_tool YES-OR-NO - the operator's tool, which shows what the run does; `no` takes it as it is, where it is there.
build_tool() {
  if [[ $1 == yes || ! -x "$repo_root/cli/.build/debug/sdwan" ]]; then
    ensure_build_tools
    say "building the operator's tool"
    swift build --package-path "$repo_root/cli" --product sdwan --quiet
  fi
}

build=yes
routers=auto
previous=
for argument in "$@"; do
  case $previous$argument in
    --skip-build) build=no ;;
    --routerssimulated | --routers=simulated) routers=simulated ;;
  esac
  previous=
  [[ $argument != --routers ]] || previous=--routers
done
if [[ $routers == simulated ]]; then reason="as asked"; else
  ensure_debian_packages python3
  reason=$(why_simulated)
fi
if [[ -n $reason ]]; then
  echo "==> a local run: no AWS account is touched, and the routers are simulated ($reason)"
  [[ $reason != *"not installed" ]] || echo "==> real ones need the Debian packages ${router_packages[*]}"
else
  echo "==> a local run: no AWS account is touched, and the routers are real: strongSwan and FRR in network namespaces (above 50 routers they exist on paper)"
fi
echo "==> needs the Debian packages bubblewrap, python3-venv and, to build, those of scripts/package; installs what is missing"
ensure_debian_packages bubblewrap python3
need terraform "version 1.11 or newer, see https://developer.hashicorp.com/terraform/install"
bwrap --unshare-user --ro-bind / / true 2>/dev/null ||
  die "bubblewrap can't make a sandbox here: unprivileged user namespaces are switched off (sysctl kernel.unprivileged_userns_clone or kernel.apparmor_restrict_unprivileged_userns)"
ensure_venv
build_tool "$build"
if [[ $build == yes ]]; then
  "$scripts/package" "${functions[@]}"
else
  for name in "${functions[@]}"; do
    [[ -f "$repo_root/dist/$name.zip" ]] || die "--skip-build, but there is no dist/$name.zip: run scripts/package"
  done
fi
