"""The report and the picture of a real execution over a lab: of the first one, so this comes before the other tests of that lab."""

from __future__ import annotations

import re
from pathlib import Path

from labs import Lab


def test_a_report_says_what_the_execution_found(synchronous: Lab, tmp_path: Path) -> None:
    synchronous.settle()
    page = tmp_path / "report.html"
    printed, = synchronous.json("report", "--html", str(page))
    text = page.read_text()
    verdict = synchronous.sdwan("status", status=None).splitlines()[-1].partition("  Why:")[0]
    assert printed["report"] == str(page) and printed["verdict"] == verdict and f'<p class="verdict">{verdict}</p>' in text
    assert set(re.findall(r'data-router="([^"]+)"', text)) == {"nv-sdwan", "nv-branch1", "fra-sdwan", "fra-branch1"}
    for part in ("network", "routers", "changes", "timeline", "footprint"):
        assert f'<section id="{part}">' in text, part
    assert [name for name in ("phase1", "phase2", "phase3") if f"<td>{name}</td>" in text] == ["phase1", "phase2", "phase3"]
    # What the functions have told the log, and Step Functions bills.
    assert re.search(r"3 invocations, [\d.]+ GB-seconds billed", text) and "state transitions" in text


def test_the_picture_has_the_states_of_an_execution(synchronous: Lab) -> None:
    synchronous.settle()
    lines = synchronous.sdwan("graph", "--format", "text", "--execution", "@0").splitlines()
    assert [re.sub(r"[^a-z0-9-]+", " ", line).split()[0] for line in lines] == [
        "eu-central-1", "fra-sdwan", "fra-branch1", "us-east-1", "nv-sdwan", "nv-branch1"]
    assert all("up" in line or "down" in line for line in lines if "branch" in line)
    assert 'class="tunnel' in synchronous.sdwan("graph", "--execution", "@0")
