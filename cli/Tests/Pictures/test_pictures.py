"""What is drawn is what the result says, nothing overlaps, and it can be read in the light and in the dark."""

import json
import re
import subprocess
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from .browser import POLICY, Browser
from .conftest import Made
from .networks import STATES, network, said

SIZES = {4: network(1, 1), 13: network(1, 12, 1), 100: network(5, 9)}
WORDS = {"well": "up · 0 % loss · 1.3 ms", "poor": "up · 33 % loss · 1.3 ms · loss", "ill": "down · key-mismatch", "unknown": "not known"}
MARKS = {"well": "Mll", "poor": "Mlhz", "ill": "Mlml", "unknown": "Mhvhz"}
Box = tuple[float, float, float, float]


def mixed(topology: dict[str, Any]) -> dict[str, str]:
    """Every state in turn."""
    return {tunnel["name"]: STATES[number % len(STATES)] for number, tunnel in enumerate(topology["tunnels"])}


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def within(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def contrast(front: str, back: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    def luminance(color: str) -> float:
        channels = [float(part) / 255 for part in re.findall(r"[\d.]+", color)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(front), luminance(back)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_drawn_is_what_the_result_says(browser: Browser, report: Made, size: int) -> None:
    topology = SIZES[size]
    states = mixed(topology)
    seen = browser.measure(report(said(topology, states), topology))
    assert sorted(node["name"] for node in seen["nodes"]) == sorted(topology["routers"])
    assert {link["name"]: link["kind"].split()[-1] for link in seen["links"]} == states
    assert {link["name"]: link["words"] for link in seen["links"]} == {name: WORDS[state] for name, state in states.items()}
    known = len(states) - list(states.values()).count("unknown")
    up, rest = known - list(states.values()).count("ill"), len(states) - known
    assert f"{up} of {len(states)} tunnels up{f', of {rest} it is not known' if rest else ''}." in seen["text"]
    # shape beside colour
    assert {link["name"]: link["mark"] for link in seen["links"]} == {name: MARKS[state] for name, state in states.items()}
    dashes = {states[link["name"]]: link["dashes"] for link in seen["links"]}
    assert len(set(dashes.values())) == len(dashes)
    for link in seen["links"]:
        # the row ends where its router stands
        branch = next(node for node in seen["nodes"] if node["name"] == link["name"].removeprefix("t-"))
        assert abs(link["lines"][-1][2] - branch["box"][0]) < 2 and branch["box"][1] < link["lines"][-1][1] < branch["box"][3]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps(browser: Browser, report: Made, graph: Made, size: int) -> None:
    topology = SIZES[size]
    for page in (report(said(topology, mixed(topology)), topology), graph(topology)):
        seen = browser.measure(page)
        boxes = [tuple(node["box"]) for node in seen["nodes"]]
        texts = [tuple(text) for link in seen["links"] for text in link["texts"]] + [tuple(box) for box in seen["headings"]]
        lines = [tuple(line) for link in seen["links"] for line in link["lines"]] + [tuple(box) for box in seen["trunks"]]
        assert len(boxes) == size and len(lines) > len(topology["tunnels"])
        assert all(apart(one, other) for one, other in combinations(boxes + texts, 2))
        assert all(within(node["text"], node["box"]) for node in seen["nodes"])
        # lines end at boxes and pass none; words stand beside lines
        for line in lines:
            inner = (line[0] + 2, line[1], line[2] - 2, line[3]) if line[2] - line[0] > 4 else (line[0], line[1] + 2, line[2], line[3] - 2)
            assert all(apart(inner, box) for box in boxes + texts)


@pytest.mark.parametrize("is_dark", [False, True])
def test_it_can_be_read(browser: Browser, report: Made, graph: Made, is_dark: bool) -> None:
    topology = network(2, 4)
    grounds = set()
    for page in (report(said(topology, mixed(topology)), topology), graph(topology)):
        seen = browser.measure(page, is_dark)
        assert len(seen["colors"]) > 20 and len(seen["strokes"]) > 16
        for text in seen["colors"]:
            assert contrast(text["front"], text["back"]) >= 4.5, text
        for line in seen["strokes"]:
            assert contrast(line["front"], line["back"]) >= 3, line
        grounds |= {text["back"] for text in seen["colors"]}
        assert ("rgb(13, 17, 23)" in grounds) == is_dark
        assert seen["width"] <= seen["window"] or page.startswith("<svg")


HOSTILE = "</title></svg></style><script>document.body.innerHTML = ''</script><img src=x onerror=alert(1)>\x00\x1b[31m\u202e\"'&amp;"


def test_what_hosts_say_is_text(browser: Browser, report: Made) -> None:
    topology = network(1, 1)
    hostile = said(topology, {"t-us0-branch0": "ill"}, HOSTILE, HOSTILE)
    hostile["phase2_result"] = {"phase": "phase2", "success_count": 1, "fail_count": 0, "results": {HOSTILE: {
        "status": "Success", "details": {"diff": [f"+ {HOSTILE}"]}}}}
    hostile["phase3_result"]["results"][HOSTILE] = {"status": "Failed", "stderr": HOSTILE, "details": {
        "checks": [{"area": "ipsec", "name": f"tunnel to {HOSTILE}", "health": "fail"}]}}
    for given in (topology, None):
        page = report(hostile, given, "--name", HOSTILE.replace("\0", ""))
        assert POLICY.search(page), "the page allows scripts"
        seen = browser.measure(page)
        # the test's own one is there
        assert seen["scripts"] == 1 and seen["handlers"] == 0 and seen["foreign"] == 0
        assert seen["text"].count("<script>document.body") > 3 and "\x1b" not in page and "\u202e" not in page
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import", POLICY.sub("", page))


def test_failed_routers_come_first(browser: Browser, report: Made) -> None:
    topology = network(2, 2)
    given = said(topology, {"t-us1-branch1": "ill"})
    given["phase3_result"]["results"]["us1-hub"]["details"]["diagnosis"]["at"] = "us1-branch1"
    rows = browser.measure(report(given, topology))["rows"]
    assert [row[0] for row in rows[:2]] == ["us1-branch1", "us1-hub"] and len(rows) == 12
    assert rows[0][1:] == ["0/1", "0/1", "ok", "100 %", "✗ FAILED key-mismatch"]
    assert rows[1][1:] == ["1/2", "1/2", "ok", "100 %", "✗ failed, because of us1-branch1"]
    assert all(row[5] == "✓ ok" for row in rows[2:])


def test_of_a_thousand_only_what_is_not_well_is_drawn(browser: Browser, report: Made) -> None:
    topology = network(10, 49)
    given = said(topology, {"t-us3-branch7": "ill", "t-eu2-branch1": "poor"})
    # as results of large networks are: those that are well are counted
    result = given["phase3_result"]
    result["results"] = {name: one for name, one in result["results"].items() if one["status"] == "Failed"}
    result["omitted_count"] = 1000 - len(result["results"])
    seen = browser.measure(report(given, topology))
    assert {link["name"]: link["kind"].split()[-1] for link in seen["links"]} == {"t-us3-branch7": "ill", "t-eu2-branch1": "poor"}
    assert sorted(node["name"] for node in seen["nodes"]) == ["eu2-branch1", "eu2-hub", "us3-branch7", "us3-hub"]
    assert "996 routers and 978 tunnels that are well are not drawn" in seen["text"]
    assert "996 routers that are well are not listed" in seen["text"] and len(seen["rows"]) == 4
    assert "996 of 1000 routers healthy, 979 of 980 tunnels up." in seen["text"]


def test_what_nobody_has_looked_at_has_no_state(browser: Browser, report: Made) -> None:
    topology = network(1, 1)
    plan = {f"phase{n}_result": {"phase": f"phase{n}", "success_count": 4, "fail_count": 0, "results": {
        name: {"status": "Success", "details": {"diff": ["+ interfaces vti vti0"]} if n < 3 else {}}
        for name in topology["routers"]}} for n in (1, 2, 3)}
    seen = browser.measure(report(plan, topology))
    assert all(link["kind"] == "tunnel" and not link["words"] for link in seen["links"])
    assert all(node["kind"] == "router" and not node["mark"] for node in seen["nodes"])
    assert "Nothing was verified: this was a plan." in seen["text"] and "healthy" not in seen["text"]
    assert {row[5] for row in seen["rows"]} == {"not asked"} and seen["text"].count("phase2 us0-hub: 1 lines") == 1


Sdwan = Callable[..., "subprocess.CompletedProcess[str]"]
SCHEMAS = Path(__file__).resolve().parents[3] / "docs/schema"


def keeps_to(schema: str, printed: dict[str, Any]) -> bool:
    return not list(Draft202012Validator(json.loads((SCHEMAS / f"{schema}.json").read_text())).iter_errors(printed))


def test_what_is_printed_as_json(sdwan: Sdwan, tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text(json.dumps(said(network(1, 1), {})))
    words = ["report", "--from", str(tmp_path / "given.json"), "--html", str(tmp_path / "r.html"), "--output", "json"]
    printed = json.loads(sdwan(*words).stdout)
    assert keeps_to("report", printed)
    assert (tmp_path / "r.html").exists() and printed["verdict"] == "4 of 4 routers healthy, 2 of 2 tunnels up."


def test_the_network_as_json(graph: Made, tmp_path: Path) -> None:
    topology = network(1, 4, 1)
    (tmp_path / "given.json").write_text(json.dumps(said(topology, mixed(topology))))
    seen = json.loads(graph(topology, "--from", str(tmp_path / "given.json"), "--output", "json"))
    assert keeps_to("graph", seen) and keeps_to("graph", json.loads(graph(topology, "--output", "json")))
    assert [tunnel["state"] for tunnel in seen["tunnels"]] == ["well", "poor", "ill", "unknown"]
    assert (seen["tunnels"][1]["loss"], seen["tunnels"][1]["rtt_ms"], seen["tunnels"][2]["cause"]) == (33, 1.25, "key-mismatch")
    assert {router["name"]: router["role"] for router in seen["routers"]}["us0-hub"] == "sdwan"


@pytest.mark.parametrize(("words", "complaint"), [
    (["report", "--from", "/nonexistent", "--html", "/tmp/x.html"], "the file /nonexistent can't be read"),
    (["report", "--from", "{topology}", "--html", "/tmp/x.html"], "is it a report of scripts/run-local?"),
    (["report", "--from", "{report}", "--html", "/nonexistent/x.html"], "/nonexistent/x.html can't be written"),
    (["report", "--from", "{report}", "--html", "/tmp/x.html", "--footprint", "{report}"], "is no footprint"),
    (["report", "--from", "{report}", "--html", "/tmp/x.html", "--topology", "{report}"], "the JSON is not a topology's"),
    (["report", "x", "--from", "{report}", "--html", "/tmp/x.html"], "either an execution, or --from"),
    (["graph", "--topology", "/nonexistent"], "the file /nonexistent can't be read"),
    (["graph", "--execution", "@0", "--topology", "{topology}"], "leave out --from and --topology"),
    (["graph", "--from", "{report}", "--format", "dot"], "states are shown by --format svg and text"),
])
def test_wrong_use_is_a_sentence(sdwan: Sdwan, tmp_path: Path, words: list[str], complaint: str) -> None:
    topology = network(1, 1)
    (tmp_path / "topology").write_text(json.dumps({"topology": topology}))
    (tmp_path / "report").write_text(json.dumps(said(topology, {})))
    done = sdwan(*(word.format(topology=tmp_path / "topology", report=tmp_path / "report") for word in words))
    assert done.returncode == 2 and complaint in done.stderr and done.stdout == "", done


def test_a_screenshot(browser: Browser, report: Made, tmp_path: Path) -> None:
    topology = network(1, 12, 1)
    report(said(topology, mixed(topology)), topology)
    images = []
    for is_dark in (False, True):
        image = tmp_path / f"{is_dark}.png"
        browser.picture(tmp_path / "report.html", image, is_dark)
        images.append(image.read_bytes())
        assert images[-1].startswith(b"\x89PNG") and len(images[-1]) > 20_000
    assert images[0] != images[1]
