"""Every fault has an effect, and a kept run is only found while it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local import kept
from local.dataplane.internet import DISTURBANCES
from local.fleet import accidents, faults
from local.fleet.sandbox import Sandbox
from local.vyos import defects, marks
from local.vyos.box import Box
from local.vyos.grammar import Grammar, Refused

from .conftest import Shell


@pytest.mark.parametrize("kind", [*faults.KINDS, *faults.OLD_NAMES])
def test_a_fault_is_there_until_it_is_repaired(tmp_path: Path, kind: str) -> None:
    assert faults.read(tmp_path) == faults.Faults()
    wrong = faults.of_kind(kind, "r1")
    assert len(wrong.described()) == 1 and "r1" in wrong.described()[0]
    faults.write(tmp_path, wrong)
    assert faults.read(tmp_path) == wrong
    faults.write(tmp_path, faults.Faults())
    assert faults.read(tmp_path).described() == []


def test_faults_add_up() -> None:
    wrong = faults.of_kind("psk-mismatch", "r1")
    wrong.add("commit-fails", "r1")
    wrong.add("disk-full", "r2")
    assert len(wrong.described()) == 3 and set(wrong.host_environment["r1"]) == {faults.OTHER_VALUES, faults.DEFECT}


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_a_defective_grammar_refuses_one_line_of_ours(version: str) -> None:
    path = ["protocols", "bgp", *(["65001"] if version == "1.3" else []), "neighbor", "10.0.0.1", "ebgp-multihop", "2"]
    Grammar(version).check(path)
    with pytest.raises(Refused):
        Grammar(version, defects.UNKNOWN_NODE).check(path)
    Grammar(version, defects.UNKNOWN_NODE).check([*path[:-2], "remote-as", "65002"])


def test_a_lost_footer_refuses_the_save(router_host: Shell, vbash: Shell) -> None:
    vbash("true")  # a fresh boot
    assert router_host("lxc stop router && lxc start router", SDWAN_LOCAL_DEFECT=defects.SAVE).returncode == 0
    answer = router_host("""lxc exec router -- sg vyattacfg -c "/opt/vyatta/sbin/vyos-save" """)
    assert "aborting save!" in answer.stdout


def test_a_full_disk_takes_no_image(host: Sandbox, sh: Shell) -> None:
    argv = ["/bin/sh", "-c", "head -c 100000 /dev/zero >/var/tmp/image"]
    refused = subprocess.run(host.command(argv, {}, is_full=True), capture_output=True, text=True, check=False)
    assert refused.returncode != 0 and "No space left on device" in refused.stderr
    assert sh(argv[2]).returncode == 0


def test_a_kept_run_that_is_gone_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FILE", tmp_path / "lab.json")
    assert kept.Kept.read() is None
    # looks like a run: `python … local`
    with subprocess.Popen([sys.executable, "-c", "input(print('up', flush=True))", "local"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"up\n"
        one = kept.Kept(process.pid, str(tmp_path), {}, "arn", {}, "1.3", "real", {})
        one.write()
        assert kept.Kept.read() == one and oct((tmp_path / "lab.json").stat().st_mode)[-3:] == "600"
        kept.Kept.forget()
        assert kept.Kept.read() == one, "only its own process forgets it"
        process.kill()
    assert kept.Kept.read() is None and not (tmp_path / "lab.json").exists()
    one = kept.Kept(os.getpid(), str(tmp_path), {}, "arn", {}, "1.3", "real", {})
    one.write()
    kept.Kept.forget()
    assert not (tmp_path / "lab.json").exists()


def test_a_lab_has_the_file_that_is_named(tmp_path: Path) -> None:
    program = "from local import kept, lab; print(kept.FILE, lab.LOG)"
    named = {**os.environ, "SDWAN_LAB": "second.json", "PYTHONPATH": str(Path(kept.__file__).parents[1])}
    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=named, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(tmp_path / "second.json"), str(tmp_path / "second.log")]


@pytest.mark.parametrize("kind", marks.ALL)
def test_an_accident_to_a_simulated_router_is_a_mark_until_it_boots(host: Sandbox, kind: str) -> None:
    accident, = faults.of_kind(kind, "host").accidents
    accidents.perform(accident, host)
    assert marks.read(host.wire) == {"eni-6": {kind}}
    router = host.root / "router"
    (router / "etc").mkdir(parents=True)
    (router / "etc/vyos-version").write_text("1.3\n")
    (router / "run/hardware").mkdir(parents=True)
    (router / "run/hardware/cards.json").write_text('{"eth0": {"id": "eni-6", "address": "10.0.6.10/24"}}')
    (router / "run/wire").symlink_to(host.wire)
    Box(router).boot()
    assert marks.read(host.wire) == {}


def test_every_misdeed_is_a_script_and_every_script_a_misdeed() -> None:
    named = {what for _, place, what in faults.ACCIDENTS.values() if place == "router"}
    assert named == {file.name for file in faults.MISDEEDS.iterdir()}
    assert {what for _, place, what in faults.ACCIDENTS.values() if place == "internet"} == set(DISTURBANCES)
