"""The tool on terminals of several sizes, and without one."""

from __future__ import annotations

from labs import Lab
from terminals import PROMPT, terminal

NARROW, WIDE = (80, 24), (200, 50)


def test_a_rollout_is_watched_left_and_watched_again(rollout: Lab) -> None:
    rollout.settle()
    with terminal(*NARROW) as small:
        small.sdwan("up", "--yes")
        lines = small.wait("canary at work")
        assert all(len(line) <= 80 for line in lines)
        assert sum("Ctrl-C leaves it running" in line for line in lines) == 1, "it is drawn over, not again and again"
        small.key("C-c")
        small.wait("the execution goes on: sdwan watch ")
        assert small.status() == 130 and small.shows_its_cursor
    assert rollout.json("status", status=None)[-1]["execution"]["status"] == "RUNNING"
    with terminal(*WIDE) as large:
        large.sdwan("watch")
        large.wait("approve it, reject it, or leave it waiting?")
        large.type("y")
        large.wait("others at work")
        large.resize(60, 15)
        # The summary takes the drawing's place and stays.
        large.wait("routers healthy")
        assert large.status() == 0
        text = large.everything()
        assert "Ctrl-C" not in text.rsplit("last run", 1)[1] and "canary" in text


def test_ctrl_c_at_a_question(rollout: Lab) -> None:
    before = rollout.json("history")[-1]["executions"][0]["name"]
    with terminal(*NARROW) as small:
        small.sdwan("rollback", "nv-branch1")
        small.wait("[y/N]")
        small.key("C-c")
        small.wait(PROMPT)
        assert small.status() == 130 and small.shows_its_cursor
        # And somebody who says no.
        small.sdwan("rollback", "nv-branch1")
        small.wait("[y/N]")
        small.type("n")
        small.wait("nothing was done")
        assert small.status() == 2
    assert rollout.json("history")[-1]["executions"][0]["name"] == before


def test_ctrl_c_while_aws_is_asked(rollout: Lab) -> None:
    with terminal(*NARROW) as small:
        small.sdwan("verify")
        small.wait("verify")
        small.key("C-c")
        assert small.status() == 130 and small.shows_its_cursor
        assert not any("sdwan: " in line for line in small.lines()), "what was broken off has not failed"


def test_a_page_that_is_made_anew(rollout: Lab) -> None:
    with terminal(*NARROW) as small:
        small.sdwan("status", "--watch=1s")
        lines = small.wait("every 1 s; Ctrl-C ends it")
        assert sum("ROUTER" in line for line in lines) == 1
        small.key("C-c")
        small.wait(PROMPT)
        assert small.status() == 130 and small.shows_its_cursor


def test_colours_are_for_terminals_that_want_them(rollout: Lab) -> None:
    plain = rollout.sdwan("status", status=None)
    assert "\033" not in plain
    assert "\033[3" in rollout.sdwan("status", "--color", "always", status=None)
    assert "\033[3" in rollout.sdwan("status", status=None, environment={"CLICOLOR_FORCE": "1"})
    assert "\033" not in rollout.sdwan("status", status=None, environment={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"})
    for columns in (20, 40, 80):
        text = rollout.sdwan("status", "--columns", str(columns), status=None)
        assert all(len(line) <= columns for line in text.splitlines())
