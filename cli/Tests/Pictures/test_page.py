"""The lab's page in a browser: its script runs, no other one would, and a tunnel that breaks turns red by itself."""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPO / "scripts"))

from local.kept import Kept  # noqa: E402
from local.page import look, server  # noqa: E402
from local.tool import Tool  # noqa: E402

from .browser import Browser  # noqa: E402

TOPOLOGY = json.loads((REPO / "examples/four.json").read_text())["topology"]
PING = "3 packets transmitted, {} received\nrtt min/avg/max/mdev = 0.1/1.2/2.0/0.1 ms\n"


class Network:
    """What the routers' pings say: of each peer how many of three come back."""

    def __init__(self) -> None:
        self.received = {"nv-sdwan": 3, "fra-sdwan": 3}

    def answer(self, _: Kept, __: str, peers: list[tuple[str, str]]) -> str:
        return "".join(f"=== {address}\n" + (PING.format(self.received[peer]) if self.received[peer] else "") for peer, address in peers)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(look, "_ask", network.answer)
    monkeypatch.setattr(server, "PROGRAM", os.environ["SDWAN_TOOL"])
    # The browser's own clock runs faster than ours.
    monkeypatch.setattr(server, "FRESH_SECONDS", 0.0)
    return network


@pytest.fixture
def page(network: Network, tmp_path: Path) -> Iterator[str]:
    shown = server.Page.start(Kept(1, str(tmp_path), {}, "arn", {}, "1.3", "real", TOPOLOGY), Tool({"PATH": os.environ["PATH"]}))
    yield shown.address
    shown.server.shutdown()
    shown.server.server_close()


def drawn(browser: Browser, address: str) -> dict[str, Any]:
    """How each tunnel is drawn when the page has been open for a while."""
    text = browser.open(address)
    assert "Looked just now." in text and "Broken on purpose: <b id=\"broken\">nothing</b>" in text, text[-2000:]
    return dict(re.findall(r'data-tunnel="([^"]+)">.*?<line class="tunnel (\w+)"', text, re.DOTALL))


def test_a_tunnel_that_breaks_turns_red(browser: Browser, page: str, network: Network) -> None:
    assert drawn(browser, page) == {"nv": "well", "fra": "well"}
    network.received["fra-sdwan"] = 0
    assert drawn(browser, page) == {"nv": "well", "fra": "ill"}
    network.received["fra-sdwan"] = 2
    assert drawn(browser, page) == {"nv": "well", "fra": "poor"}


def test_a_page_that_stays_open_draws_itself_anew(browser: Browser, page: str, network: Network) -> None:
    """The network breaks between two looks of one and the same page."""
    looks = []
    whole = network.answer

    def break_later(*words: Any) -> str:
        looks.append(1)
        network.received["nv-sdwan"] = 0 if len(looks) > 2 else 3
        return whole(*words)

    look._ask = break_later
    assert re.search(r'data-tunnel="nv">.*?<line class="tunnel ill"', browser.open(page, seconds=15), re.DOTALL)
    assert len(looks) > 2
