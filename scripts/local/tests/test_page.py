"""The page that shows a kept run's network: who may see it, what it looks at, and what it answers."""

import http.client
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.kept import Kept
from local.network_file import FOUR_ROUTERS
from local.page import look, server
from local.page.visitor import refusal
from local.tool import Tool

TOPOLOGY = json.loads(FOUR_ROUTERS.read_text())["topology"]
KEY = "a-key-of-this-run"
HERE = {"host": "127.0.0.1:80"}
REPORT = """\
PING {0} ({0}) 56(84) bytes of data.

--- {0} ping statistics ---
3 packets transmitted, {1} received, {2}% packet loss, time 402ms
"""
TIMES = "rtt min/avg/max/mdev = 0.401/1.250/2.000/0.100 ms\n"


@pytest.mark.parametrize("headers, method, path, status", [
    (HERE, "GET", f"/{KEY}/", None), ({"host": "localhost:80"}, "HEAD", f"/{KEY}/network", None),
    (HERE | {"origin": "http://127.0.0.1:80", "sec-fetch-site": "same-origin"}, "GET", f"/{KEY}/network", None),
    (HERE | {"sec-fetch-site": "none"}, "GET", f"/{KEY}/", None),
    ({}, "GET", f"/{KEY}/", 403), ({"host": "evil.example:80"}, "GET", f"/{KEY}/", 403), ({"host": "127.0.0.1:81"}, "GET", f"/{KEY}/", 403),
    (HERE | {"origin": "http://evil.example"}, "GET", f"/{KEY}/", 403), (HERE | {"origin": "null"}, "GET", f"/{KEY}/", 403),
    (HERE | {"sec-fetch-site": "cross-site"}, "GET", f"/{KEY}/", 403), (HERE | {"sec-fetch-site": "same-site"}, "GET", f"/{KEY}/", 403),
    (HERE, "GET", "/", 404), (HERE, "GET", f"/{KEY}x/", 404), (HERE, "GET", f"//{KEY}/", 404), (HERE, "GET", KEY, 404),
    (HERE, "POST", f"/{KEY}/", 405), (HERE, "DELETE", f"/{KEY}/network", 405),
])
def test_who_may_see_it(headers: dict[str, str], method: str, path: str, status: int | None) -> None:
    refused = refusal(method, path, headers, 80, KEY)
    assert (refused and refused[0]) == status


def test_every_tunnel_is_pinged_once_from_its_branch() -> None:
    wanted = look.tunnels_of(TOPOLOGY)
    assert {router: [peer for peer, _ in peers] for router, peers in wanted.items()} == {
        "nv-branch1": ["nv-sdwan"], "fra-branch1": ["fra-sdwan"]}
    hubs = {end["address"].partition("/")[0] for tunnel in TOPOLOGY["tunnels"] for end in tunnel["ends"] if "sdwan" in end["router"]}
    assert {address for peers in wanted.values() for _, address in peers} == hubs


def test_a_ping_goes_as_it_is() -> None:
    assert "ping -c 3 -i 0.2 -W 1 '1;reboot'" in look.command(["1;reboot"])


@pytest.mark.parametrize("text, status, health, ping", [
    ("=== 10.0.0.1\n" + REPORT.format("10.0.0.1", 3, 0) + TIMES, "Success", "ok", {"received": 3, "loss": 0, "rtt_ms": 1.25}),
    ("=== 10.0.0.1\n" + REPORT.format("10.0.0.1", 2, 33) + TIMES, "Success", "ok", {"received": 2, "loss": 33, "rtt_ms": 1.25}),
    ("=== 10.0.0.1\n" + REPORT.format("10.0.0.1", "0", 100), "Failed", "fail", {"received": 0, "loss": 100}),
    ("=== 10.0.0.1\nError: the router is not running\n", "Failed", "fail", {"received": 0, "loss": 100}),
    ("", "Failed", "fail", {"received": 0, "loss": 100}),
])
def test_what_comes_back(text: str, status: str, health: str, ping: dict[str, Any]) -> None:
    found = look.understood(text, [("hub", "10.0.0.1")])
    assert found["status"] == status and found["details"]["numbers"]["ping"] == {"10.0.0.1": {"sent": 3, **ping}}
    assert [(check["name"], check["health"]) for check in found["details"]["checks"]] == [("tunnel to hub", health)]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[server.Page, list[int]]]:
    """The page of a run whose look and whose tool are the test's; and how often it has looked."""
    looks: list[int] = []
    program = tmp_path / "sdwan"
    program.write_text('#!/bin/sh\necho "<svg>$*</svg>"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(server, "PROGRAM", program)
    monkeypatch.setattr(server, "look", lambda _: looks.append(1) or {"phase3_result": {}})
    shown = server.Page.start(Kept(1, str(tmp_path), {}, "arn", {}, "1.3", "real", TOPOLOGY), Tool({}))
    yield shown, looks
    shown.server.shutdown()
    shown.server.server_close()


def ask(page: server.Page, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", page.server.server_port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


def test_the_page_and_its_picture(page: tuple[server.Page, list[int]]) -> None:
    shown, looks = page
    path = "/" + shown.address.split("/", 3)[3]
    assert shown.server.server_address[0] == "127.0.0.1" and len(path) > 30
    status, headers, text = ask(shown, path)
    nonce = headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    assert status == 200 and text.count("<script") == text.count(f'<script nonce="{nonce}"') == 1 and "NONCE" not in text
    assert headers["content-security-policy"].startswith("default-src 'none'") and not looks
    assert ask(shown, path)[1]["content-security-policy"] != headers["content-security-policy"]
    status, headers, text = ask(shown, path + "network")
    answer = json.loads(text)
    assert status == 200 and answer["svg"].startswith("<svg>graph --format svg --from ") and answer["broken"] == "nothing"
    assert headers["cache-control"] == "no-store" and not [name for name in headers if name.startswith("access-control")]
    # Two browsers make no more looks than one.
    ask(shown, path + "network")
    assert len(looks) == 1


def test_nobody_else_gets_anything(page: tuple[server.Page, list[int]]) -> None:
    shown, looks = page
    path = "/" + shown.address.split("/", 3)[3]
    for status, refused in ((403, ask(shown, path + "network", Origin="http://evil.example")), (404, ask(shown, "/network")),
                            (405, ask(shown, path + "network", "POST")), (403, ask(shown, path, Host="evil.example"))):
        assert refused[0] == status and "svg" not in refused[2] and "script" not in refused[2]
    assert not looks
