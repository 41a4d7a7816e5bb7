"""Phases 1 and 2 on a host: the real scripts beside stand-ins for the tools they call."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from fakes.host import Sandbox, bare_host
from harness import Lab
from network import ROUTERS

NAME = "fra-branch1"
SECRET = "Top/Secret$(x)&%s {y}=!"
NO_ROUTER = {"^lxc info router": 1, "^lxc image info": 1}
BREAKS = {
    "phase1": ["^apt-get update", "^apt-get .*install", "^snap wait", "^snap install lxd", "^snap install aws-cli",
               "^aws ssm", "^chpasswd", "^lxd init", "^aws s3", "^lxc image import", "^lxc init",
               "^lxc config device add router eth0", "^lxc config device add router eth1",
               "^lxc file push .*config.boot", "^lxc start", "^lxc file push .*vbash", "^lxc exec .*sg vyattacfg"],
    "phase2": ["^lxc info router", "^aws ssm", "^lxc file push", "^lxc exec .*sg vyattacfg"],
}


class Run:
    """What a phase left on one host."""

    def __init__(self, lab: Lab, phase: str, failing: dict[str, int], secret: str = SECRET, version: str = "1.3",
                 containers: str = "") -> None:
        folder = lab.folder / "hosts"
        router = ROUTERS[NAME]
        prepare = bare_host(secret, failing, containers, [ROUTERS[router.peer].eip])
        lab.ssm.hosts[router.instance_id].executor = Sandbox(folder, prepare)
        function = lab.start(phase, VYOS_VERSION=version)
        self.result = function.invoke({"instances": [NAME]}).response["results"][NAME]
        [self.home] = folder.iterdir()
        calls = self.home / "calls"
        self.calls = calls.read_text().splitlines() if calls.exists() else []

    def text(self, name: str) -> str:
        return (self.home / name).read_text()

    def position(self, start: str) -> int:
        return next(number for number, call in enumerate(self.calls) if call.startswith(start))

    def pushed(self) -> list[Path]:
        return sorted((self.home / "pushed").iterdir())


def test_phase_1_makes_a_router_of_a_bare_host(lab: Lab) -> None:
    run = Run(lab, "phase1", NO_ROUTER)
    assert run.result["status"] == "Success", run.result
    order = ["apt-get update", "apt-get install -y python3-pip net-tools tmux curl unzip jq",
             "snap wait system seed.loaded", "snap install lxd", "snap install aws-cli --classic",
             "aws ssm get-parameter --name /sdwan-secrets/ubuntu-password --with-decryption --query Parameter.Value "
             "--output text --region eu-central-1", "chpasswd", "lxd init --preseed",
             "aws s3 cp s3://images-of-ours/vyos/router.tar.gz", "lxc image import", "lxc init vyos router",
             "lxc config device add router eth0 nic nictype=physical parent=ens6 name=eth0",
             "lxc config device add router eth1 nic nictype=physical parent=ens7 name=eth1",
             "lxc start router", "lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show interfaces",
             "lxc exec router -- sg vyattacfg -c /bin/vbash /tmp/sdwan-"]
    positions = [run.position(call) for call in order]
    assert positions == sorted(positions)
    assert not [call for call in run.calls if call.startswith(("lxc stop", "lxc delete", "lxc image delete"))]
    assert run.text("chpasswd.stdin") == f"ubuntu:{SECRET}\n"
    # A pool and a profile of our own: what else is on the host stays as it is.
    assert "driver: dir" in run.text("preseed.stdin") and "default" not in run.text("preseed.stdin")
    [init] = [call for call in run.calls if call.startswith("lxc init vyos router")]
    assert "limits.cpu=1" in init and "limits.memory=2048MiB" in init


def test_phase_1_again_replaces_the_router(lab: Lab) -> None:
    run = Run(lab, "phase1", {}, containers="router,RUNNING")
    assert run.result["status"] == "Success", run.result
    order = ["lxc image import", "lxc init vyos router-new", "lxc stop router --force", "lxc rename router router-old",
             "lxc rename router-new router", "lxc start router", "lxc exec router -- sg vyattacfg",
             "lxc config set router user.sdwan-state",
             "lxc delete router-old --force"]
    positions = [run.position(call) for call in order]
    assert positions == sorted(positions)


def test_a_stopped_router_is_replaced_too(lab: Lab) -> None:
    run = Run(lab, "phase1", {}, containers="router,STOPPED")
    assert run.result["status"] == "Success" and not [call for call in run.calls if call.startswith("lxc stop")], run.calls


@pytest.mark.parametrize("pattern", ["^aws s3", "^lxc image import", "^lxc init", "^lxc file pull", "^lxc file push .*config.boot"])
def test_what_can_be_known_before_is_known_before_the_router_stops(lab: Lab, pattern: str) -> None:
    run = Run(lab, "phase1", {pattern: 5, "^lxc image info": 1}, containers="router,RUNNING")
    assert run.result["status"] == "Failed"
    assert not [call for call in run.calls if call.startswith(("lxc stop", "lxc rename", "lxc delete router ", "lxc config set router"))]


@pytest.mark.parametrize("pattern", ["^lxc start router", "^lxc exec .*sg vyattacfg", "^lxc rename router-new", "^lxc config device add",
                                     "^lxc file push .*vbash", "^lxc config set router user.sdwan-state"])
def test_a_router_that_does_not_come_up_makes_way_for_the_old_one(lab: Lab, pattern: str) -> None:
    run = Run(lab, "phase1", {pattern: 5}, containers="router,RUNNING")
    assert run.result["status"] == "Failed"
    assert run.position("lxc rename router-old router") > run.position("lxc rename router router-old")


@pytest.mark.parametrize("phase, pattern", [(phase, pattern) for phase, all_ in BREAKS.items() for pattern in all_])
def test_a_step_that_fails_fails_the_command(lab: Lab, phase: str, pattern: str) -> None:
    absent = NO_ROUTER if phase == "phase1" else {}
    run = Run(lab, phase, {pattern: 5} | absent)
    assert any(re.search(pattern, call) for call in run.calls), run.calls
    assert run.result["status"] == "Failed" and run.result["stderr"]
    assert SECRET not in run.result["stdout"] + run.result["stderr"]


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
def test_without_the_lock_nothing_is_touched(lab: Lab, phase: str) -> None:
    original = bare_host(SECRET, {})

    def prepare(home: Path, instance_id: str) -> None:
        original(home, instance_id)
        (home / "bin" / "flock").write_text("#!/bin/sh\nexit 1\n")
        (home / "bin" / "flock").chmod(0o755)
    lab.ssm.hosts[ROUTERS[NAME].instance_id].executor = Sandbox(lab.folder / "hosts", prepare)
    result = lab.start(phase).invoke({"instances": [NAME]}).response["results"][NAME]
    assert result["status"] == "Failed" and "sdwan.lock" in result["stderr"]
    [home] = (lab.folder / "hosts").iterdir()
    assert not (home / "calls").exists()


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_the_key_is_in_the_routers_file_and_nowhere_else(lab: Lab, version: str) -> None:
    run = Run(lab, "phase2", {}, version=version)
    assert run.result["status"] == "Success", run.result
    [file] = run.pushed()
    assert SECRET in file.read_text() and "@" not in file.read_text().split(SECRET)[0].splitlines()[-1]
    assert file.read_text().startswith("#!/bin/vbash\n") and file.stat().st_mode & 0o077 == 0
    assert SECRET not in run.text("calls") + run.result["stdout"] + run.result["stderr"]
    removal = run.position("lxc exec router -- rm -f /tmp/sdwan-")
    assert not [call for call in run.calls[removal + 1:] if "/tmp/sdwan-" in call]
    assert subprocess.run(["bash", "-n", file], timeout=30).returncode == 0


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
@pytest.mark.parametrize("secret", ["", "two\nlines"])
def test_a_secret_that_cannot_be_is_refused(lab: Lab, phase: str, secret: str) -> None:
    run = Run(lab, phase, NO_ROUTER if phase == "phase1" else {}, secret)
    assert run.result["status"] == "Failed" and "/sdwan-secrets/" in run.result["stderr"]
    assert not run.pushed()


@pytest.mark.parametrize("character", ["'", '"', "\\"])
def test_a_key_that_vyos_cannot_hold_is_refused(lab: Lab, character: str) -> None:
    run = Run(lab, "phase2", {}, f"ab{character}cd")
    assert run.result["status"] == "Failed" and not run.pushed()
    assert f"ab{character}cd" not in run.result["stderr"]
