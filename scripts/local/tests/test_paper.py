"""Large networks: whose file it is, and hosts that exist on paper."""

import json
import threading
from pathlib import Path

import pytest

from local import network_file
from local.fleet import faults
from local.fleet.paper import PaperAgents, PaperFleet
from local.fleet.paper_routers import SECRET
from local.network_file import HOSTS, LARGEST_SANDBOXED, REAL_SECONDS, Unusable


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
    for orchestration in (None, "rollout"):
        asked = network_file.read(file, orchestration, True).variables(tmp_path, "1.3")
        assert asked["waves"] == [{"name": "canary"}] and asked["orchestration"] == "rollout"
    with pytest.raises(Unusable, match="the synchronous machine knows none"):
        network_file.read(file, "synchronous", True)


@pytest.mark.parametrize("more", [0, 1])
def test_only_a_large_network_gets_hosts_on_paper(tmp_path: Path, more: int) -> None:
    network = network_file.read(write(tmp_path, topology(LARGEST_SANDBOXED + more)), None, False)
    variables = network.variables(tmp_path, "1.3")
    assert network.is_on_paper == bool(more) == ("existing_hosts" in variables) == (tmp_path / HOSTS).exists()
    if more:
        addresses = [host["outside_eip"] for host in variables["existing_hosts"].values()]
        assert len(set(addresses)) == LARGEST_SANDBOXED + 1


def test_in_real_time_any_network_is_on_paper(tmp_path: Path) -> None:
    network = network_file.read(None, "rollout", False, in_real_time=True)
    assert len(network.variables(tmp_path, "1.3")["existing_hosts"]) == 4
    assert network.kind == {"orchestration": "rollout", "waves": 0, "real_time": True}
    assert PaperFleet(tmp_path).seconds == {phase: list(span) for phase, span in REAL_SECONDS.items()}


def test_without_a_file_the_hosts_are_not_on_paper(tmp_path: Path) -> None:
    network = network_file.read(None, None, False)
    assert network.variables(tmp_path, "1.3") == {} and not (tmp_path / HOSTS).exists()


def test_a_command_takes_what_its_phase_takes(agents: PaperAgents) -> None:
    host = next(iter(agents.fleet.online("us-east-1").values()))
    agents.fleet.seconds = {"phase2": [20, 20]}
    assert agents.fleet.takes(host, "phase2") == 20
    assert agents.fleet.takes(host, "phase1") <= 1


def script(lines: str, values: str = "") -> str:
    return f"#!/bin/bash\n{values}\nconfigure_script() {{\n  cat <<'SDWAN_END_OF_TEXT'\nit's vbash\n{lines}\nSDWAN_END_OF_TEXT\n}}\n"


@pytest.fixture
def agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PaperAgents:
    monkeypatch.setattr("local.fleet.paper.LONGEST", 0.0)
    monkeypatch.setattr("local.fleet.paper.SHORTEST", 0.0)
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


def asking(questions: str, **values: str) -> str:
    """What phase 3 sets, as far as it is not said here."""
    usual = {"QUESTIONS": questions, "PING_TARGETS": "", "FULL_SIZE_TARGETS": "", "FULL_SIZE": "1394", "ROUTES": ""}
    return "\n".join(f"readonly {name}='{value}'" for name, value in (usual | values).items())


def test_a_router_without_tunnels_answers_what_it_has(agents: PaperAgents) -> None:
    run(agents, "phase1", script("must_set interfaces ethernet eth0 address dhcp"))
    values = asking("ipsec-sa bgp-summary interfaces ip-route-bgp", PING_TARGETS="169.254.1.1", ROUTES="10.0.0.1/32")
    out = run(agents, "phase3", script("", values)).stdout
    assert "=====[ interfaces ]=====" in out and "eth0" in out and "BGP instance not found" in out
    assert "100% packet loss" in out and "=====[ end ping-169.254.1.1 1 ]=====" in out


ETHERNET = "must_set interfaces ethernet eth0 address dhcp"
ROLLBACK = "rollback_script() {\n  cat <<'SDWAN_END_OF_TEXT'\nexecution='%s'\nSDWAN_END_OF_TEXT\n}\n"


def described(description: str, execution: str) -> str:
    """Phase 2 of an execution: the one line that it is about is a description."""
    return script(f"execution=''\nmust_set interfaces ethernet eth1 description {description}\nexecution='{execution}'")


def committed(agents: PaperAgents) -> dict:
    return json.loads((agents.fleet.folder / "paper/r0.json").read_text())


def test_a_rollback_takes_back_what_its_own_execution_changed(agents: PaperAgents) -> None:
    run(agents, "phase1", script(ETHERNET))
    run(agents, "phase2", described("BEFORE", "one"))
    before = committed(agents)
    assert "unchanged" in run(agents, "phase2", ROLLBACK % "two").stdout and committed(agents) == before
    for description in ("FIRST", "SECOND"):
        assert "committed" in run(agents, "phase2", described(description, "two")).stdout
    assert "restored" in run(agents, "phase2", ROLLBACK % "two").stdout and committed(agents) == before
    assert "unchanged" in run(agents, "phase2", ROLLBACK % "two").stdout


def planned(agents: PaperAgents, phase: str, lines: str = "", values: str = "readonly FIRST_LINE='1'\nreadonly MOST_LINES='9'") -> str:
    return run(agents, f"plan {phase}", script(lines, values).replace("configure_script", "plan_script")).stdout


def test_a_plan_tells_and_changes_nothing(agents: PaperAgents) -> None:
    assert "the router is absent" in planned(agents, "phase1") and "the router is absent" in planned(agents, "phase2", ETHERNET)
    run(agents, "phase1", script(ETHERNET))
    run(agents, "phase2", script(f"{ETHERNET}\nmust_set interfaces ethernet eth1 description OLD"))
    before = committed(agents)
    assert planned(agents, "phase1") == "sdwan: plan: the router is running\n"
    assert planned(agents, "phase1", values="readonly RECREATE='always'") == "sdwan: plan: the router is unwanted\n"
    told = planned(agents, "phase2", f"{ETHERNET}\nmust_set interfaces ethernet eth1 description NEW\n"
                                     "must_set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret '@VPN_PSK@'")
    assert [line for line in told.splitlines() if line.startswith("plan ")] == [
        "plan - interfaces ethernet eth1 description OLD", "plan + interfaces ethernet eth1 description NEW",
        "plan + vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret ******"]
    assert "=====[ plan-lines ]=====\n3\n" in told and committed(agents) == before


def test_a_plan_tells_some_of_its_lines(agents: PaperAgents) -> None:
    run(agents, "phase1", script(ETHERNET))
    lines = "\n".join(f"must_set interfaces loopback lo address 10.0.0.{number}/32" for number in range(5))
    told = planned(agents, "phase2", lines, "readonly FIRST_LINE='4'\nreadonly MOST_LINES='2'")
    assert [line for line in told.splitlines() if line.startswith("plan ")] == [
        f"plan + interfaces loopback lo address 10.0.0.{number}/32" for number in (3, 4)]
    assert "=====[ plan-lines ]=====\n5\n" in told


@pytest.mark.parametrize("recreate, left", [("never", True), ("always", False)])
def test_a_router_is_made_anew_unless_it_shall_stay(agents: PaperAgents, recreate: str, left: bool) -> None:
    setup = script(ETHERNET, f"readonly RECREATE='{recreate}'")
    run(agents, "phase1", setup)
    run(agents, "phase2", described("BEFORE", "one"))
    before = committed(agents)
    assert ("left alone" in run(agents, "phase1", setup).stdout) == (committed(agents) == before) == left


def test_a_command_that_hangs_ends_when_it_is_cancelled(agents: PaperAgents) -> None:
    faults.write(agents.fleet.folder, faults.Faults(hanging={"r0": "phase1"}))
    [instance] = [each.id for each in agents.fleet.instances("us-east-1").values() if each.name == "r0"]
    # Another instance's end is not its own.
    agents.cancel("command-phase1", ["i-other"])
    threading.Timer(0.05, agents.cancel, ["command-phase1", [instance]]).start()
    assert run(agents, "phase1", script(ETHERNET)).status == "Cancelled"
    assert not (agents.fleet.folder / "paper/r0.json").exists()


def test_faults_that_paper_knows(agents: PaperAgents) -> None:
    secret = script("must_set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret '@VPN_PSK@'")
    multihop = script("must_set protocols bgp 65001 neighbor 10.0.0.1 ebgp-multihop 2")
    run(agents, "phase1", script(ETHERNET))
    run(agents, "phase2", secret)
    assert SECRET in str(committed(agents))
    assert run(agents, "phase2", multihop).status == "Success"
    wrong = faults.of_kind("psk-mismatch", "r0")
    wrong.add("refused-line", "r0")
    wrong.add("host-offline", "r0")
    faults.write(agents.fleet.folder, wrong)
    run(agents, "phase2", secret)
    assert SECRET not in str(committed(agents))
    assert "ebgp-multihop" in run(agents, "phase2", multihop).stderr
    assert "r0" not in [host.name for host in agents.fleet.online("us-east-1").values()]


def test_accidents_that_happen_on_paper(agents: PaperAgents) -> None:
    values = asking("interfaces")
    run(agents, "phase1", script(ETHERNET))
    assert "wg0" not in run(agents, "phase3", script("", values)).stdout
    faults.write(agents.fleet.folder, faults.of_kind("foreign-neighbors", "r0"))
    assert "wg0" in run(agents, "phase3", script("", values)).stdout
    faults.write(agents.fleet.folder, faults.of_kind("foreign-neighbors", "r1"))
    assert "wg0" not in run(agents, "phase3", script("", values)).stdout


def test_paper_says_why_and_pings_in_full_size_where_it_is_asked(agents: PaperAgents) -> None:
    values = asking("interfaces")
    more = asking("interfaces ike-sa ipsec-log", FULL_SIZE_TARGETS="169.254.1.1")
    run(agents, "phase1", script(ETHERNET))
    out = run(agents, "phase3", script("", values)).stdout
    assert "ike-sa" not in out and "ipsec-log" not in out and "full-size" not in out
    out = run(agents, "phase3", script("", more)).stdout
    assert "=====[ end ike-sa 0 ]=====" in out and "-- No entries --" in out
    assert "=====[ full-size-ping-169.254.1.1 ]=====\nPING 169.254.1.1 (169.254.1.1) 1394(1422) bytes of data." in out
