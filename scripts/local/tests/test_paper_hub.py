"""A hub with as many branches as a router may have, on paper: its answers in parts, in a time that grows with them."""

import base64
import cProfile
import gzip
import time
from pathlib import Path
from typing import Any

import pytest

from local.fleet.faults import Faults
from local.fleet.instances import Instance
from local.fleet.paper_routers import PaperRouters
from local.vyos.network import SA_SECONDS, SESSION_SECONDS

from .conftest import lines

BRANCHES = 400
# What Run Command keeps.
LONGEST_OUTPUT = 24_000


def hub_end(number: int) -> dict[str, Any]:
    """The hub as one of its branches sees it."""
    return {"name": "hub", "eip": "198.18.9.1", "private": "10.90.0.10", "asn": 65001, "loopback": "10.255.0.1",
            "vti": str(_address(4 * number + 1)), "interface": f"vti{number}"}


def branch(number: int) -> dict[str, Any]:
    high, low = divmod(number, 250)
    return {"name": f"b{number}", "eip": f"198.18.{high}.{low + 1}", "private": f"10.{64 + high}.{low}.10", "asn": 4_200_000_000 + number,
            "loopback": f"10.254.{high}.{low + 1}", "vti": str(_address(4 * number + 2))}


def _address(offset: int) -> str:
    return f"169.254.{100 + offset // 256}.{offset % 256}"


class Star:
    """A hub and its branches, configured."""

    def __init__(self, folder: Path, version: str, branches: int) -> None:
        ends = [branch(number) for number in range(branches)]
        hosts = {end["name"]: end for end in (hub_end(0), *ends)}
        self._branches = branches
        self.instances = {name: Instance(f"i-{name}", name, "us-east-1", end["private"]) for name, end in hosts.items()}
        self.routers = PaperRouters(folder, version, {name: {"outside_eip": end["eip"]} for name, end in hosts.items()})
        paths = {"hub": [line for number, far in enumerate(ends) for line in lines(version, hub_end(number), far)]}
        paths |= {near["name"]: lines(version, near, hub_end(number)) for number, near in enumerate(ends)}
        for name, wanted in paths.items():
            for phase in ("phase1", "phase2"):
                self.run(name, phase, _script("\n".join(f"must_set {line}" for line in dict.fromkeys(wanted))))

    def run(self, router: str, phase: str, text: str) -> str:
        status, out, err = self.routers.follow(self.instances[router], phase, text, Faults())
        assert status == 0, err
        return out

    def settle(self) -> None:
        """Let pass what the daemons take from the last commit to the last session."""
        time.sleep(SA_SECONDS + SESSION_SECONDS)

    def asked(self, questions: str, pinged: range = range(0)) -> str:
        """What the hub answers to one command."""
        targets = [branch(number)[of] for number in pinged for of in ("vti", "loopback")]
        values = {"QUESTIONS": questions, "PING_TARGETS": " ".join(targets), "FULL_SIZE": "1394",
                  "FULL_SIZE_TARGETS": " ".join(branch(number)["vti"] for number in pinged),
                  "ROUTES": " ".join(f"{branch(number)['loopback']}/32" for number in range(self._branches))}
        return self.run("hub", "phase3", "".join(f"readonly {name}='{value}'\n" for name, value in values.items()))


def _script(text: str) -> str:
    return f"#!/bin/bash\nconfigure_script() {{\n  cat <<'SDWAN_END_OF_TEXT'\n{text}\nSDWAN_END_OF_TEXT\n}}\n"


def plain(output: str) -> str:
    head, _, packed = output.partition("=====[ gzip base64 ]=====\n")
    return head or gzip.decompress(base64.b64decode(packed)).decode()


@pytest.fixture(scope="module", params=["1.3", "1.5"])
def star(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Star:
    made = Star(tmp_path_factory.mktemp("star"), request.param, BRANCHES)
    made.settle()
    return made


def test_each_part_is_answered_whole_and_alone(star: Star) -> None:
    ends = [(branch(number), hub_end(number)) for number in range(BRANCHES)]
    rows = {"ipsec-sa": [far["eip"] for far, _ in ends], "bgp-summary": [far["vti"] for far, _ in ends],
            "ip-route-bgp": [f"{far['loopback']}/32" for far, _ in ends], "interfaces": [f"{near['vti']}/30" for _, near in ends]}
    for questions in ("ipsec-sa", "bgp-summary", "interfaces ip-route-bgp"):
        out = star.asked(questions)
        assert len(out) < LONGEST_OUTPUT
        text = plain(out)
        assert [line.split()[1] for line in text.splitlines() if line.startswith("=====[ ") and " end " not in line] == questions.split()
        for name in questions.split():
            answer = text.partition(f"=====[ {name} ]=====\n")[2].partition("\n=====[ end")[0]
            assert set(rows[name]) <= set(answer.split())
    pinged = star.asked("", range(100, 200))
    assert len(pinged) < LONGEST_OUTPUT and plain(pinged).count(" 0% packet loss") == 300


def test_the_work_grows_with_the_hub_and_not_with_its_square(tmp_path: Path) -> None:
    """Calls are counted, not seconds: four times the branches would be sixteen times the calls."""
    calls = {}
    for branches in (50, 200):
        star = Star(tmp_path / str(branches), "1.3", branches)
        star.settle()
        profile = cProfile.Profile()
        profile.enable()
        for questions in ("ipsec-sa", "bgp-summary", "interfaces ip-route-bgp"):
            star.asked(questions)
        star.asked("", range(branches))
        profile.disable()
        calls[branches] = sum(entry.callcount for entry in profile.getstats())
    assert calls[200] < 6 * calls[50]
