"""Large networks: whose file it is, and hosts that exist on paper."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from local import network_file
from local.network_file import HOSTS, LARGEST_SANDBOXED, REAL_SECONDS, Unusable
from local.paper import PaperAgents, PaperFleet


def topology(count: int) -> dict:
    routers = {f"r{number}": {"region": "us-east-1", "role": "branch", "loopback": f"10.0.{number}.1/32", "asn": 65001}
               for number in range(count)}
    return {"topology": {"routers": routers, "tunnels": []}}


def write(folder: Path, content: object) -> Path:
    file = folder / "network.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


@pytest.mark.parametrize("content", ["{", "[]", {}, {"topology": {}, "vpn_psk": "x"}])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(Unusable, match="--topology"):
        network_file.read(write(tmp_path, content), None, False)


def test_waves_need_a_file_with_waves(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="--waves"):
        network_file.read(write(tmp_path, topology(2)), None, True)


def test_waves_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    file = write(tmp_path, topology(2) | {"waves": [{"name": "canary"}]})
    assert "waves" not in network_file.read(file, None, False).variables(tmp_path, "1.3")
    asked = network_file.read(file, "polling", True).variables(tmp_path, "1.3")
    assert asked["waves"] == [{"name": "canary"}] and asked["orchestration"] == "polling"


@pytest.mark.parametrize("more", [0, 1])
def test_only_a_large_network_gets_hosts_on_paper(tmp_path: Path, more: int) -> None:
    network = network_file.read(write(tmp_path, topology(LARGEST_SANDBOXED + more)), None, False)
    variables = network.variables(tmp_path, "1.3")
    assert network.is_on_paper == bool(more) == ("existing_hosts" in variables) == (tmp_path / HOSTS).exists()
    if more:
        addresses = [host["outside_eip"] for host in variables["existing_hosts"].values()]
        assert len(set(addresses)) == LARGEST_SANDBOXED + 1


def test_in_real_time_any_network_is_on_paper(tmp_path: Path) -> None:
    network = network_file.read(None, "polling", False, in_real_time=True)
    assert len(network.variables(tmp_path, "1.3")["existing_hosts"]) == 4
    assert network.kind == {"orchestration": "polling", "waves": 0, "real_time": True}
    assert PaperFleet(tmp_path).seconds == {phase: list(span) for phase, span in REAL_SECONDS.items()}


def test_without_a_file_the_hosts_are_not_on_paper(tmp_path: Path) -> None:
    network = network_file.read(None, None, False)
    assert network.variables(tmp_path, "1.3") == {} and not (tmp_path / HOSTS).exists()


def test_a_command_takes_what_its_phase_takes(agents: PaperAgents, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("local.paper.time", SimpleNamespace(sleep=slept.append, time=time.time))
    agents.fleet.seconds = {"phase2": [20, 20]}
    for phase in ("phase1", "phase2"):
        run(agents, phase, script("must_set interfaces ethernet eth0 address dhcp"))
    assert slept == [0.0, 20.0]


def script(lines: str, values: str = "") -> str:
    return f"#!/bin/bash\n{values}\nconfigure_script() {{\n  cat <<'SDWAN_END_OF_TEXT'\nit's vbash\n{lines}\nSDWAN_END_OF_TEXT\n}}\n"


@pytest.fixture
def agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperAgents:
    monkeypatch.setattr("local.paper.LONGEST", 0.0)
    monkeypatch.setattr("local.paper.SHORTEST", 0.0)
    network_file.read(write(tmp_path, topology(LARGEST_SANDBOXED + 1)), None, False).variables(tmp_path, "1.3")
    return PaperAgents(PaperFleet(tmp_path))


def test_a_command_that_is_none_of_ours_succeeds(agents: PaperAgents) -> None:
    outcome = agents.run(next(iter(agents.fleet.online("us-east-1").values())), "c-1", "command r0 mark", "reboot", 9)
    assert (outcome.status, outcome.exit_code) == ("Success", 0) and "reboot" in outcome.stdout


def run(agents: PaperAgents, phase: str, text: str):
    host = next(host for host in agents.fleet.instances("us-east-1").values() if host.name == "r0")
    return agents.run(host, f"command-{phase}", f"{phase} r0 mark", text, 60)


def test_a_configuration_is_taken_once(agents: PaperAgents) -> None:
    base = script("must_set interfaces ethernet eth0 address dhcp")
    assert "committed" in run(agents, "phase1", base).stdout
    assert "unchanged" in run(agents, "phase1", base).stdout


def test_a_line_that_vyos_does_not_know_is_refused(agents: PaperAgents) -> None:
    outcome = run(agents, "phase1", script("must_set interfaces ethernet eth0 adress dhcp"))
    assert outcome.status == "Failed" and "adress" in outcome.stderr


def test_without_phase_1_there_is_no_router(agents: PaperAgents) -> None:
    assert "no container named router" in run(agents, "phase2", script("")).stderr


def test_a_router_without_tunnels_answers_what_it_has(agents: PaperAgents) -> None:
    run(agents, "phase1", script("must_set interfaces ethernet eth0 address dhcp"))
    values = "readonly PING_TARGETS='169.254.1.1'\nreadonly ROUTES='10.0.0.1/32'\nreadonly SHOW_CONNECTIONS='no'"
    out = run(agents, "phase3", script("", values)).stdout
    assert "=====[ interfaces ]=====" in out and "eth0" in out and "BGP instance not found" in out
    assert "100% packet loss" in out and "=====[ end ping-169.254.1.1 1 ]=====" in out
