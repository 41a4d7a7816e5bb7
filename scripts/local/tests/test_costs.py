"""The arithmetic of footprints and costs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local import costs
from local.emulators.footprint import Footprint, FunctionUse, measure, read
from local.emulators.meter import Meter

SCRIPTS = Path(__file__).resolve().parents[2]


def taken(routers: int = 4, orchestration: str = "synchronous", waves: int = 0, real_time: bool = True) -> Footprint:
    functions = {"phase1": FunctionUse(2, 600_000, 256, 11.5), "phase2": FunctionUse(1, 1, 1024)}
    run = {"routers": routers, "orchestration": orchestration, "waves": waves, "real_time": real_time}
    return Footprint(run, functions, {"SendCommand": 4, "GetCommandInvocation": 8}, 2000, 128 * 1024, 512 * 1024)


def test_gb_seconds_are_billed_time_at_the_configured_memory() -> None:
    assert taken().gb_seconds == pytest.approx(600 * 0.25 + 0.001)
    assert taken().invocations == 3


def test_costs_are_list_prices() -> None:
    cost = costs.of(taken())
    assert cost.functions == pytest.approx(150.001 * 0.0000166667 + 3 * 0.0000002)
    assert cost.transitions == pytest.approx(0.05)
    assert cost.together == pytest.approx(cost.functions + cost.transitions)


def test_a_footprint_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "footprint.json"
    taken().write(file)
    assert json.loads(file.read_text())["functions"]["phase1"]["gb_seconds"] == 150
    assert read(file) == taken()


def test_what_the_meter_has_written_is_the_footprint(tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    meter.invoked("sdwan-phase1", 512, 1.5)
    meter.asked("SendCommand")
    meter.carried("12345")
    meter.moved()
    footprint = measure(tmp_path, {"routers": 1}, "{é}")
    assert footprint.functions == {"sdwan-phase1": FunctionUse(1, 1500, 512)}
    assert (footprint.ssm_calls, footprint.state_transitions) == ({"SendCommand": 1}, 1)
    assert (footprint.largest_state_bytes, footprint.definition_bytes) == (5, 4)


@pytest.mark.parametrize("program", ["local.costs", "local.cli"])
def test_help_and_costs_need_no_virtual_environment(program: str) -> None:
    without = f"import sys; sys.modules['boto3'] = sys.modules['botocore'] = None; import {program}"
    done = subprocess.run([sys.executable, "-c", without], cwd=SCRIPTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_text_has_what_a_run_is_judged_by() -> None:
    text = taken().text()
    assert "phase1: 2 invocations, 600.000 s billed, 150.00 GB-seconds, peak memory 12 MB" in text
    assert "12, 3.00 per router (GetCommandInvocation 8, 2.00, SendCommand 4, 1.00)" in text
    assert "state transitions: 2000" in text
    assert "128.0 KiB (50.0 % of what is allowed); definition: 512.0 KiB (50.0 %" in text


def test_the_table_is_in_the_order_of_size(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    files = []
    for index, footprint in enumerate((taken(1000, "rollout", 3), taken(1000), taken(4, "rollout"), taken(real_time=False))):
        files.append(tmp_path / f"{index}.json")
        footprint.write(files[-1])
    monkeypatch.setattr("sys.argv", ["costs", *map(str, files)])
    assert costs.main() == 0
    out, err = capsys.readouterr()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in out.splitlines()]
    assert [row[:2] for row in rows[2:]] == [
        ["4", "synchronous"], ["4", "rollout"], ["1,000", "synchronous"], ["1,000", "rollout, 3 waves"]]
    assert {len(row) for row in rows} == {len(costs.HEADINGS)}
    assert rows[2][2:] == ["3", "150.00", "2,000", "12", "3.0", "0.00250", "0.05000", "0.05250"]
    assert err.count("shortened waits") == 1 and "3.json" in err


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_what_is_no_footprint_is_named(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str],
                                       monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.json").write_text(content)
    monkeypatch.setattr("sys.argv", ["costs", str(tmp_path / "x.json")])
    assert costs.main() == 2 and "no footprint" in capsys.readouterr().err
