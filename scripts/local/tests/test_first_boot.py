"""A host in its first minutes: what is in the way passes, or is named, and nothing waits for ever."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.fleet.sandbox import Sandbox
from local.network_file import REPO

TEMPLATES = REPO / "Sources/SDWAN/Templates"
Done = subprocess.CompletedProcess[str]

APT_LISTS = ("E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1311 (apt-get)\n"
             "N: Be aware that removing the lock file is not a solution and may break your system.\n"
             "E: Unable to lock directory /var/lib/apt/lists/\n")
APT_ARCHIVES = ("E: Could not get lock /var/cache/apt/archives/lock. It is held by process 1490 (unattended-upgr)\n"
                "E: Unable to lock directory /var/cache/apt/archives/\n")
APT_FRONTEND = ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1490 (unattended-upgr)\n"
                "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n")
MIRROR = ("E: Failed to fetch http://us-east-1.ec2.archive.ubuntu.com/ubuntu/dists/jammy/InRelease  "
          "Temporary failure resolving 'us-east-1.ec2.archive.ubuntu.com'\n"
          "E: Some index files failed to download. They have been ignored, or old ones used instead.\n")
DPKG_LOCK = "dpkg: error: dpkg frontend lock was locked by another process with pid 1490\n"
SNAP_CHANGE = 'error: snap "lxd" has "install-snap" change in progress\n'
SNAP_SOCKET = ('error: cannot communicate with server: Post "http://localhost/v2/snaps/lxd": dial unix /run/snapd.socket: '
               "connect: connection refused\n")
SNAP_STORE = ('error: cannot install "lxd": cannot query the store for updates: got unexpected HTTP status code 503 via POST to '
              '"https://api.snapcraft.io/v2/snaps/refresh"\n')
SNAP_SEED = "error: too early for operation, device not yet seeded or device model not acknowledged\n"
SNAP_CUT = ('error: cannot perform the following tasks:\n- Download snap "lxd" (24322) from channel "latest/stable" '
            "(unexpected EOF)\n")


class Host:
    """A host in a mood, on which parts of phase 1's script are run; its waits are short."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        tools = sandbox.root / "usr-local-bin"
        tools.mkdir()

    def has(self, tool: str, call: str, status: int, words: str = "", **more: Any) -> None:
        file = self.sandbox.root / "var/lib/moods.json"
        moods = json.loads(file.read_text()) if file.exists() else {}
        moods.setdefault(tool, []).append({"call": call, "status": status, "words": words, **more})
        file.write_text(json.dumps(moods))

    def left(self) -> int:
        moods = json.loads((self.sandbox.root / "var/lib/moods.json").read_text())
        return sum(mood.get("times", 1) for all in moods.values() for mood in all)

    def run(self, main: str, limit: int = 60, **replaced: str) -> Done:
        """common.sh, the parts, and what `main` says."""
        parts = "\n".join((TEMPLATES / name).read_text() for name in ("common.sh", "packages.sh", "cards.sh"))
        for old, new in replaced.items():
            parts = parts.replace(old, new)
        text = (f"#!/bin/bash\nreadonly LOCK_WAIT=5 TIME_LIMIT={limit} REGION=us-east-1 PASSWORD_PARAMETER=/p\n{parts}\n"
                f"sleep() {{ command sleep 0.1; }}\nmain() {{\n{main}\n}}\nrun\n")
        script = self.sandbox.root / "root/script"
        script.write_text(text)
        script.chmod(0o700)
        return subprocess.run(self.sandbox.command(["/root/script"], {}), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture()
def machine(host: Sandbox) -> Host:
    return Host(host)


PASSING = [("apt-get", "update", 100, APT_LISTS), ("apt-get", "update", 100, MIRROR), ("apt-get", "install", 100, APT_ARCHIVES),
           ("apt-get", "install", 100, APT_FRONTEND), ("snap", "wait", 1, SNAP_SOCKET), ("snap", "install lxd", 10, SNAP_CHANGE),
           ("snap", "install lxd", 1, SNAP_SOCKET), ("snap", "install lxd", 1, SNAP_STORE), ("snap", "install lxd", 10, SNAP_SEED),
           ("snap", "install lxd", 1, SNAP_CUT), ("snap", "install aws-cli", 1, SNAP_STORE)]


@pytest.mark.parametrize("tool, call, status, words", PASSING)
def test_what_passes_is_waited_for(machine: Host, tool: str, call: str, status: int, words: str) -> None:
    machine.has(tool, call, status, words, times=3)
    done = machine.run("install_packages; install_snaps; say ready")
    assert done.returncode == 0 and done.stdout == "sdwan: ready\n" and machine.left() == 0, done


@pytest.mark.parametrize("tool, call, status, words, reason", [
    ("apt-get", "update", 100, MIRROR, "apt-get update failed: "),
    ("apt-get", "install", 100, "E: Unable to locate package jq\n", "the packages can't be installed: E: Unable to locate package jq"),
    ("apt-get", "install", 100, APT_ARCHIVES, "the packages can't be installed: E: Could not get lock /var/cache/apt/archives/lock."),
    ("snap", "install lxd", 1, 'error: snap "lxd" not found\n', 'snap could not install lxd: error: snap "lxd" not found'),
    ("snap", "install lxd", 10, SNAP_CHANGE, 'snap could not install lxd: error: snap "lxd" has "install-snap" change in progress'),
    ("snap", "wait", 1, SNAP_SOCKET, "snapd is not ready: error: cannot communicate with server")])
def test_what_does_not_pass_is_named(machine: Host, tool: str, call: str, status: int, words: str, reason: str) -> None:
    machine.has(tool, call, status, words, times=10_000)
    # What is tried again for minutes on a host has its time cut here.
    done = machine.run("install_packages; install_snaps", **{"patiently 120": "patiently 2", "patiently 240": "patiently 2"})
    assert done.returncode == 1 and f"sdwan: {reason}" in done.stderr, done


@pytest.mark.parametrize("tool, call, main, what", [
    ("apt-get", "update", "install_packages", "the packages' lists: apt-get update"),
    ("apt-get", "install", "install_packages", "the packages: apt-get install -y"),
    ("snap", "install lxd", "install_snaps", "snap: snap install lxd"), ("snap", "wait", "install_snaps", "snapd: snap wait system")])
def test_what_hangs_is_ended_and_named(machine: Host, tool: str, call: str, main: str, what: str) -> None:
    machine.has(tool, call, 0, seconds=60)
    done = machine.run(main, limit=3)
    assert done.returncode == 1 and f"sdwan: {what} had not ended after " in done.stderr, done


@pytest.mark.parametrize("call, hangs, status, words", [
    ("ask_lxd 2 image info vyos", 1, 0, "answered"), ("quietly 2 LXD lxc rename router-new router", 1, 0, ""),
    ("ask_lxd 2 image info vyos", 9, 1, "sdwan: LXD: lxc image info had not ended after 2 s"),
    ("ask_lxd 2 exec router -- commit", 1, 1, "sdwan: LXD: lxc exec router had not ended after 2 s")])
def test_a_client_of_lxd_that_never_ends_is_asked_again(machine: Host, call: str, hangs: int, status: int, words: str) -> None:
    """As one may where another client was killed: LXD answers the next one. What runs in a container is not begun again."""
    asked = machine.sandbox.root / "root/asked"
    tool = machine.sandbox.root / "root/bin/lxc"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/bash\necho >>/root/asked\n(($(wc -l </root/asked) > {hangs})) || exec sleep 60\necho answered\n")
    tool.chmod(0o755)
    done = machine.run(f"PATH=/root/bin:$PATH\n{call}")
    assert done.returncode == status and words in done.stdout + done.stderr, done
    assert len(asked.read_text().splitlines()) == (1 if "exec" in call else 2)


def test_what_is_cut_short_is_named_by_what_it_said_before(machine: Host) -> None:
    machine.has("apt-get", "install", 100, APT_ARCHIVES)
    machine.has("apt-get", "install", 0, seconds=60)
    done = machine.run("install_packages", limit=4)
    assert done.returncode == 1 and "had not ended after " in done.stderr and "/var/cache/apt/archives/lock" in done.stderr, done


def test_when_the_scripts_time_is_over_nothing_more_is_begun(machine: Host) -> None:
    done = machine.run('SECONDS=61\nquietly 30 "a question" touch /root/asked')
    assert done.returncode == 1 and "sdwan: a question: the 60 s of the whole script were over" in done.stderr
    assert not (machine.sandbox.root / "root/asked").exists()


def test_what_dpkg_had_begun_is_brought_to_its_end(machine: Host) -> None:
    (machine.sandbox.root / "var/lib/dpkg").mkdir(parents=True, exist_ok=True)
    half = machine.sandbox.root / "var/lib/dpkg/half-configured"
    half.write_text("jq\n")
    machine.has("dpkg", "configure", 2, DPKG_LOCK, times=2)
    done = machine.run("install_packages")
    assert done.returncode == 0 and not half.exists(), done


def test_nothing_that_runs_is_restarted(machine: Host) -> None:
    done = machine.run("export NEEDRESTART_MODE=a; install_packages; say alive")
    assert done.returncode == 0 and done.stdout == "sdwan: alive\n", done


@pytest.mark.parametrize("status, word", [(0, "done"), (1, "error"), (2, "degraded done")])
def test_the_first_boot_is_waited_for(machine: Host, status: int, word: str) -> None:
    tool(machine, "cloud-init", f'[[ $* == "status --wait" ]] || exit 9\necho "status: {word}"\nexit {status}')
    done = machine.run("wait_for_first_boot")
    said = f"sdwan: cloud-init ended with: status: {word} \n" if status else ""
    assert done.returncode == 0 and done.stdout == said, done


def test_a_first_boot_without_end_is_named(machine: Host) -> None:
    tool(machine, "cloud-init", "command sleep 60")
    done = machine.run("wait_for_first_boot", limit=3)
    assert done.returncode == 1 and "sdwan: the first boot: cloud-init status --wait had not ended after " in done.stderr


def tool(machine: Host, name: str, text: str) -> None:
    """A program of the host's own."""
    file = machine.sandbox.root / "snap/bin" / name
    file.write_text(f"#!/bin/bash\n{text}\n")
    file.chmod(0o755)


# ---- Cards

MACS = {0: "02:00:00:00:00:05", 1: "02:00:00:00:00:06", 2: "02:00:00:00:00:07"}


def metadata(machine: Host, places: dict[int, str]) -> None:
    base = "meta-data/network/interfaces/macs/"
    pages = {base: "".join(f"{mac}/\n" for mac in places.values())}
    pages.update({f"{base}{mac}/device-number": str(place) for place, mac in places.items()})
    (machine.sandbox.root / "var/lib/metadata.json").write_text(json.dumps(pages))


def cards(machine: Host, names: dict[str, str]) -> dict[str, str]:
    """The host's cards: what /sys has, at a place that a test may write to."""
    for name, mac in names.items():
        folder: Path = machine.sandbox.root / "srv/net" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "address").write_text(mac + "\n")
    return {"/sys/class/net": "/srv/net"}


NAMES = 'describe_cards; printf "%s %s\\n" "$(name_of_card 1 ens6)" "$(name_of_card 2 ens7)"'


@pytest.mark.parametrize("names", [
    ("ens5", "ens6", "ens7"), ("ens5", "enp39s0", "enp40s0"), ("ens5", "ens7", "ens6"), ("enX0", "enX1", "enX2")])
def test_a_card_is_found_by_its_place(machine: Host, names: tuple[str, str, str]) -> None:
    metadata(machine, MACS)
    done = machine.run(NAMES, **cards(machine, {name: MACS[place] for place, name in enumerate(names)}))
    assert done.stdout == f"{names[1]} {names[2]}\n", done


def test_without_a_metadata_service_the_names_are_a_hint(machine: Host) -> None:
    assert machine.run(NAMES).stdout == "ens6 ens7\n"


@pytest.mark.parametrize("places, on_host, reason", [
    ({0: MACS[0], 1: MACS[1]}, MACS, "this instance has no network card at place 2: it needs three"),
    (MACS, {0: MACS[0], 1: MACS[1]}, "the network card 02:00:00:00:00:07 (place 2) is neither on this host nor in its router")])
def test_a_card_that_is_nowhere_is_named_before_anything_stops(machine: Host, places: dict[int, str], on_host: dict[int, str],
                                                               reason: str) -> None:
    metadata(machine, places)
    tool(machine, "lxc", "exit 1")
    done = machine.run("describe_cards; look_for_cards", **cards(machine, {f"ens{5 + place}": mac for place, mac in on_host.items()}))
    assert done.returncode == 1 and f"sdwan: {reason}" in done.stderr, done


def test_a_card_may_be_in_the_router(machine: Host) -> None:
    metadata(machine, MACS)
    tool(machine, "lxc", f'[[ $* == "exec router -- cat /sys/class/net/eth1/address" ]] && echo {MACS[2]}')
    replaced = cards(machine, {"ens5": MACS[0], "ens6": MACS[1]})
    script_path = {"/sys/class/net/*/address": f"{replaced['/sys/class/net']}/*/address"}
    assert machine.run("describe_cards; look_for_cards", **script_path).returncode == 0
