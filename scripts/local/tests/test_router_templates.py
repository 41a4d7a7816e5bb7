"""What phase 2 does inside a router: all or nothing, back again, and nothing left over."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from .conftest import Shell

TEMPLATES = Path(__file__).parents[3] / "Sources/SDWAN/Templates"
APPLY, KEEP, RESTORE = "router-apply.vbash", "router-keep.vbash", "router-restore.vbash"
LOOPBACK = "interfaces loopback lo address 10.255.0.1/32"
VTI = "interfaces vti vti0 address 169.254.100.1/30"
# VyOS takes the line; its commit does not.
BROKEN = "vpn ipsec esp-group E lifetime 3600"


def script(lines: list[str], *steps: str, owned: list[str] | None = None, alone: Sequence[str] = (), execution: str = "") -> str:
    """A configuration script as the functions put it together."""
    commits = () if any(step.endswith("plan.vbash") for step in steps) else ("commit", "previous")
    parts = [template(f"router-{part}.vbash") for part in ("session", "ours", *commits)]
    parts += [listing("owned", lines if owned is None else owned), listing("exclusive", alone), "for_ours_alone < <(exclusive)",
              "configure", *(f"must_set {line}" for line in lines), f"execution='{execution}'"]
    return "\n".join(parts + [template(step) for step in steps])


def template(name: str) -> str:
    return (TEMPLATES / name).read_text()


def listing(name: str, nodes: Sequence[str]) -> str:
    return f"{name}() {{\n  cat <<'END_OF_LIST'\n" + "".join(f"{node}\n" for node in nodes) + "END_OF_LIST\n}"


def active(vbash: Shell) -> str:
    return vbash("cli-shell-api showConfig --show-active-only").stdout


def test_committed_saved_and_unchanged_the_next_time(vbash: Shell) -> None:
    first = vbash(script([LOOPBACK, VTI], APPLY, KEEP))
    assert first.returncode == 0, first.stderr
    assert "configuration committed" in first.stdout and "configuration saved" in first.stdout
    assert "169.254.100.1/30" in vbash("cat /config/config.boot").stdout
    second = vbash(script([LOOPBACK, VTI], APPLY, KEEP))
    assert second.returncode == 0 and "configuration unchanged" in second.stdout


def test_a_refused_line_commits_nothing(vbash: Shell) -> None:
    answer = vbash(script([LOOPBACK, "interfaces vti vti0 address 999.1.1.1/30"], APPLY, KEEP))
    assert answer.returncode == 3
    assert "refused: set interfaces vti vti0 address 999.1.1.1/30" in answer.stderr
    assert "10.255.0.1" not in active(vbash)


def test_a_secret_is_not_shown_when_it_is_refused(vbash: Shell) -> None:
    text = script([], APPLY, KEEP).replace("configure\n", "configure\nsecretly_set no such node 'the-secret'\n", 1)
    answer = vbash(text)
    assert answer.returncode == 3 and "no such node" in answer.stderr
    assert "the-secret" not in answer.stdout + answer.stderr


def test_a_failed_commit_takes_back_its_parts(vbash: Shell) -> None:
    vbash(script([LOOPBACK], APPLY, KEEP))
    answer = vbash(script([LOOPBACK, VTI, BROKEN], APPLY, KEEP))
    assert answer.returncode == 4, answer.stderr
    assert "the commit failed" in answer.stderr and "[[vpn]] failed" in answer.stderr
    assert "previous configuration was restored" in answer.stderr
    now = active(vbash)
    assert "10.255.0.1/32" in now and "169.254.100.1" not in now


def test_what_is_not_wanted_any_more_is_removed_and_nothing_else(vbash: Shell) -> None:
    vbash("configure\nset interfaces vti vti7 address 10.7.7.1/30\ncommit\nsave")
    vbash(script([LOOPBACK, VTI], APPLY, KEEP))
    answer = vbash(script([LOOPBACK], APPLY, KEEP))
    assert answer.returncode == 0 and f"removed: {VTI}" in answer.stdout
    now = active(vbash)
    assert "169.254.100.1" not in now and "10.7.7.1/30" in now and "10.255.0.1/32" in now


def test_what_is_wanted_stays_where_a_larger_node_was_ours(vbash: Shell) -> None:
    """As an older version may have written it down."""
    assert vbash(script([LOOPBACK, VTI], APPLY, KEEP, owned=["interfaces vti vti0"])).returncode == 0
    answer = vbash(script([LOOPBACK, VTI], APPLY, KEEP))
    assert answer.returncode == 0 and "removed" not in answer.stdout, answer.stdout
    assert "169.254.100.1/30" in active(vbash)


def test_a_changed_address_takes_the_place_of_the_old_one(vbash: Shell) -> None:
    vbash(script([VTI], APPLY, KEEP))
    answer = vbash(script(["interfaces vti vti0 address 169.254.100.5/30"], APPLY, KEEP))
    assert answer.returncode == 0, answer.stderr
    now = active(vbash)
    assert "169.254.100.5/30" in now and "169.254.100.1/30" not in now


def test_unconfirmed_goes_back(vbash: Shell) -> None:
    vbash(script([LOOPBACK], APPLY, KEEP))
    assert vbash(script([LOOPBACK, VTI], APPLY) + "\nfinish 0\n").returncode == 0
    assert "169.254.100.1/30" in active(vbash)
    answer = vbash(script([], RESTORE, owned=[LOOPBACK, VTI]))
    assert answer.returncode == 0 and "previous configuration was restored" in answer.stderr
    assert "169.254.100.1" not in active(vbash)


def test_who_has_the_number_of_one_that_waited_is_left_alone(vbash: Shell) -> None:
    """What was to bring the configuration back ended with its number written down; now another program has that."""
    answer = vbash(f"""setsid sleep 60 </dev/null >/dev/null 2>&1 &
echo $! | tee /run/sdwan-unconfirmed.pid >/tmp/stranger
({script([LOOPBACK], APPLY, KEEP)})
echo "ended with $?"
kill -0 "$(</tmp/stranger)" && echo "the stranger lives"
kill "$(</tmp/stranger)" """)
    assert "ended with 0" in answer.stdout and "the stranger lives" in answer.stdout, answer.stderr


@pytest.mark.parametrize("prepared", [": >/config/config.boot", "printf 'no footer' >/config/config.boot"])
def test_a_refused_save_is_a_failure(vbash: Shell, prepared: str) -> None:
    vbash(prepared)
    answer = vbash(script([LOOPBACK], APPLY, KEEP))
    assert answer.returncode == 5 and "the save was refused" in answer.stderr
