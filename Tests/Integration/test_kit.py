"""docs/kit.md alone makes a worker: what it shows is what examples/worker has, builds, is packaged and answers."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/worker"
FILE = re.compile(r"^`([\w/.]+\.swift)`\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """The files of the page, by their paths."""
    return dict(FILE.findall((ROOT / "docs/kit.md").read_text()))


def test_the_page_shows_the_example(shown: dict[str, str]) -> None:
    sources = {str(path.relative_to(EXAMPLE)) for path in (EXAMPLE / "Sources").rglob("*.swift")}
    assert sources <= shown.keys()
    for name in sources:
        assert shown[name] == (EXAMPLE / name).read_text(), f"docs/kit.md shows another {name}"


def test_the_worker_is_short(shown: dict[str, str]) -> None:
    """Forty lines of code, imports, comments and braces alone aside."""
    lines = (line.strip() for line in shown["Sources/disks/Disks.swift"].splitlines())
    code = [line for line in lines if line.strip("}") and not line.startswith(("import ", "//"))]
    assert len(code) <= 40, len(code)


@pytest.fixture(scope="module")
def package(shown: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stranger's package, made of the page alone, beside a clone of the project; its zips."""
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "sdwan").symlink_to(ROOT)
    package = folder / "worker"
    for name, text in shown.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    # The page's second function joins the first.
    manifest = package / "Package.swift"
    before, after = manifest.read_text().split("  targets: [\n")
    echo = '.executableTarget(name: "echo", dependencies: [.product(name: "LambdaRuntime", package: "sdwan-lambda"),\n' \
           '      .product(name: "Groundwork", package: "sdwan-lambda")]),'
    manifest.write_text(f"{before}  targets: [\n    {echo}\n{after}")
    made = subprocess.run(["../sdwan/scripts/package", "--package-path", "."], cwd=package, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in (package / "dist").iterdir()) == ["disks.zip", "echo.zip"]
    return package


def invoke(package: Path, name: str, event: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["../sdwan/scripts/invoke", "--package-path", ".", name, "-", *words], cwd=package, input=event,
                          capture_output=True, text=True)


def test_the_echo_answers(package: Path) -> None:
    assert invoke(package, "echo", '{"a": [1]}', "--count", "2").stdout == '{"a": [1]}\n{"a": [1]}\n'


def test_the_worker_answers(package: Path) -> None:
    """Without credentials: every host has failed, and says why."""
    result = invoke(package, "disks", "{}", "--env", "FLEET_HOSTS=db=eu-central-1/i-0123456789abcdef0")
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["function"] == "disks" and answer["failed"] == ["db"]
    assert "AWS_ACCESS_KEY_ID" in answer["results"]["db"]["stderr"]


def test_the_worker_names_what_is_wrong(package: Path) -> None:
    start = invoke(package, "disks", "{}", "--env", "FLEET_HOSTS=db")
    assert start.returncode == 1 and json.loads(start.stdout)["errorType"] == "Configuration.Invalid"
    event = invoke(package, "disks", '{"limit": "much"}', "--env", "FLEET_HOSTS=db=eu-central-1/i-0123456789abcdef0")
    assert event.returncode == 1 and json.loads(event.stdout)["errorType"] == "Event.Invalid"
