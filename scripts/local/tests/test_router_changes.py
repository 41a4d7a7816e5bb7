"""What phase 2's scripts find and take away inside a router: peers before their VTIs, foreign settings, an older version's; what
a plan tells of it; and the way back."""

import re

import pytest

from .conftest import BRANCH, HUB, Shell, lines
from .test_router_templates import APPLY, KEEP, RESTORE, active, script

PLAN, ROLLBACK = ("router-differences.vbash", "router-plan.vbash"), "router-rollback.vbash"
ROLLBACK_PLAN = ("router-differences.vbash", "router-rollback-plan.vbash")
PEER = f"vpn ipsec site-to-site peer {BRANCH['eip']}"
NEIGHBOR = f"protocols bgp 65001 neighbor {BRANCH['vti']}"
VTI = "interfaces vti vti0"
TUNNEL = lines("1.3", HUB, BRANCH)
OWNED = [VTI, PEER, NEIGHBOR]
WITHOUT = [line for line in TUNNEL if not line.startswith(tuple(OWNED))]
KEY = "authentication pre-shared-secret"


def apply(vbash: Shell, wanted: list[str], *steps: str, execution: str = "") -> str:
    """A whole run of phase 2 that must succeed; what it says."""
    owned = OWNED if any(line.startswith(VTI) for line in wanted) else []
    answer = vbash(script(wanted, APPLY, *(steps or (KEEP,)), owned=owned, alone=owned, execution=execution) + "\nfinish 0\n")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def by_hand(vbash: Shell, *words: str) -> None:
    answer = vbash("configure\n" + "\n".join(f"/opt/vyatta/sbin/{line} || echo REFUSED" for line in words)
                   + "\n/opt/vyatta/sbin/my_commit\nprintf 'status %s\\n' $?")
    assert answer.stdout.endswith("status 0\n") and "REFUSED" not in answer.stdout, answer.stdout


def plan(vbash: Shell, wanted: list[str]) -> list[str]:
    before = active(vbash)
    owned = OWNED if wanted != WITHOUT else []
    answer = vbash(script(wanted, *PLAN, owned=owned, alone=owned))
    assert answer.returncode == 0 and answer.stderr == "", answer.stdout + answer.stderr
    assert active(vbash) == before
    return [line.removeprefix("plan ") for line in answer.stdout.splitlines() if line.startswith("plan ")]


def test_a_vti_and_its_peer_do_not_go_in_one_commit(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    answer = vbash("configure\n" + "\n".join(f"/opt/vyatta/sbin/my_delete {node}" for node in OWNED)
                   + "\n/opt/vyatta/sbin/my_commit\nprintf 'status %s\\n' $?")
    assert "[[vpn ipsec]] failed" in answer.stdout and answer.stdout.endswith("status 1\n")


def test_a_peer_that_moves_to_another_vti_does_not_either(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    answer = vbash(f"configure\nset interfaces vti vti1 address 169.254.100.1/30\n/opt/vyatta/sbin/my_delete {VTI}\n"
                   f"set {PEER} vti bind vti1\n/opt/vyatta/sbin/my_commit\nprintf 'status %s\\n' $?")
    assert answer.stdout.endswith("status 1\n"), answer.stdout


def test_a_tunnel_goes_in_two_commits(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    assert f"removed: {VTI}" in apply(vbash, WITHOUT)
    now = active(vbash)
    assert "vti0" not in now and BRANCH["eip"] not in now and BRANCH["vti"] not in now and "10.255.0.1/32" in now
    assert "configuration unchanged" in apply(vbash, WITHOUT)


@pytest.mark.parametrize("how", [RESTORE, ROLLBACK])
def test_the_way_back_from_a_new_tunnel_takes_two_commits_too(vbash: Shell, how: str) -> None:
    apply(vbash, WITHOUT)
    before = active(vbash)
    apply(vbash, TUNNEL)
    answer = vbash(script([], how, owned=OWNED))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert active(vbash) == before


def test_a_commit_that_fails_takes_a_new_tunnel_back(vbash: Shell) -> None:
    apply(vbash, WITHOUT)
    before = active(vbash)
    # The interface goes in, the peer that is bound to it does not.
    answer = vbash(script([*TUNNEL, "vpn ipsec esp-group X lifetime 3600"], APPLY, KEEP, owned=OWNED))
    assert answer.returncode == 4 and "previous configuration was restored" in answer.stderr, answer.stdout + answer.stderr
    assert active(vbash) == before


FOREIGN = [f"{VTI} address 192.0.2.1/30", f"{VTI} disable", f"{PEER} description 'by hand, and why'",
           f"{PEER} default-esp-group ESP", f"{NEIGHBOR} password secret-by-hand", f"{NEIGHBOR} address-family ipv4-unicast nexthop-self"]
OTHERS = ["interfaces vti vti7 address 10.7.7.1/30", "interfaces loopback lo address 192.0.2.9/32",
          "protocols bgp 65001 neighbor 10.7.7.2 remote-as 65099", "vpn ipsec esp-group OTHER proposal 1 encryption aes128"]


def test_foreign_settings_in_what_is_ours_go_and_others_stay(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    clean = active(vbash)
    by_hand(vbash, *(f"my_set {line}" for line in FOREIGN))
    told = plan(vbash, TUNNEL)
    assert told == ["- interfaces vti vti0 address 192.0.2.1/30", f"- {VTI} disable", f"- {PEER} default-esp-group",
                    f"- {PEER} description", f"- {NEIGHBOR} address-family", f"- {NEIGHBOR} password"]
    said = apply(vbash, TUNNEL)
    assert "removed what is not ours: interfaces vti vti0 address 192.0.2.1/30" in said and "secret-by-hand" not in said
    assert active(vbash) == clean
    by_hand(vbash, *(f"my_set {line}" for line in OTHERS))
    assert plan(vbash, TUNNEL) == ["= interfaces vti vti7", "= interfaces loopback lo address 192.0.2.9/32", "= vpn ipsec esp-group OTHER",
                                   "= protocols bgp 65001 neighbor 10.7.7.2"]
    assert "configuration unchanged" in apply(vbash, TUNNEL)


# Slow between the first part and the last, and says so if anything has changed meanwhile.
SLOW = """cli-shell-api() {
  case "$*" in
    *--show-working-only*vti) seen=$(command cli-shell-api showConfig --show-working-only); printf '%s' "$seen" >/tmp/seen ;;
    *--show-working-only*"firewall options")
      sleep 0.5
      [[ $(command cli-shell-api showConfig --show-working-only) == "$(cat /tmp/seen)" ]] || echo "changed while it is read" >/tmp/raced ;;
  esac
  command cli-shell-api "$@"
}
"""


def test_nothing_is_deleted_while_the_configuration_is_read(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    clean = active(vbash)
    by_hand(vbash, *(f"my_set {line}" for line in FOREIGN))
    answer = vbash(SLOW + script(TUNNEL, APPLY, KEEP, owned=OWNED, alone=OWNED))
    assert answer.returncode == 0 and active(vbash) == clean
    assert vbash("cat /tmp/raced").stdout == ""


def test_foreign_values_in_place_of_ours_are_taken_back(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    clean = active(vbash)
    by_hand(vbash, f"my_set {PEER} local-address 192.0.2.77", f"my_set {NEIGHBOR} remote-as 65077",
            f"my_delete {VTI} address 169.254.100.1/30", f"my_set {VTI} address 169.254.100.2/30")
    assert plan(vbash, TUNNEL) == [
        f"- {VTI} address 169.254.100.2/30", f"- {PEER} local-address 192.0.2.77", f"- {NEIGHBOR} remote-as 65077",
        f"+ {VTI} address 169.254.100.1/30", f"+ {PEER} local-address {HUB['private']}", f"+ {NEIGHBOR} remote-as 65002"]
    apply(vbash, TUNNEL)
    assert active(vbash) == clean


def test_a_plan_says_what_an_apply_does(vbash: Shell) -> None:
    apply(vbash, [line for line in WITHOUT if "bgp" not in line])
    before = set(vbash("run show configuration commands").stdout.replace("'", "").splitlines())
    told = plan(vbash, TUNNEL)
    apply(vbash, TUNNEL)
    after = set(vbash("run show configuration commands").stdout.replace("'", "").splitlines())
    assert {line.removeprefix("set ").replace("same-key", "******") for line in after - before} == {line[2:] for line in told}
    assert all(line[0] == "+" for line in told) and before <= after and plan(vbash, TUNNEL) == []


def test_a_plan_shows_no_secret_but_that_it_is_another_one(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    changed = [line.replace("same-key", "another-key") if KEY in line else line for line in TUNNEL]
    assert plan(vbash, changed) == [f"~ {PEER} {KEY} ******"]
    # What goes is said once.
    assert plan(vbash, WITHOUT) == [f"- {VTI}", f"- {PEER}", "- protocols bgp 65001 neighbor"]
    apply(vbash, changed)
    assert plan(vbash, changed) == []


SECRETS = {
    "service snmp community seen-by-nobody-1 authorization ro": "seen-by-nobody-1",
    "protocols isis CORE area-password md5 seen-by-nobody-2": "seen-by-nobody-2",
    "system config-management commit-archive location scp://user:seen-by-nobody-3@backup/x": "seen-by-nobody-3",
    "system login user vyos authentication plaintext-password seen-by-nobody-4": "seen-by-nobody-4",
    f"{NEIGHBOR} password seen-by-nobody-5": "seen-by-nobody-5",
    "protocols bgp 65001 neighbor 10.7.7.2 password seen-by-nobody-6": "seen-by-nobody-6",
    f"{PEER} {KEY} seen-by-nobody-7": "seen-by-nobody-7",
    "vpn ipsec site-to-site peer 198.51.100.7 authentication pre-shared-secret seen-by-nobody-8": "seen-by-nobody-8",
}


def test_nothing_but_the_difference_leaves_the_router(vbash: Shell) -> None:
    apply(vbash, TUNNEL)
    # Whole enough for the backend, and so for somebody else.
    other = [line.replace(BRANCH["eip"], "198.51.100.7").replace("vti0", "vti7") for line in TUNNEL if line.startswith((PEER, VTI))]
    by_hand(vbash, "my_set protocols bgp 65001 neighbor 10.7.7.2 remote-as 65099", *(f"my_set {line}" for line in other),
            *(f"my_set {line}" for line in SECRETS))
    answer = vbash(script(TUNNEL, *PLAN, owned=OWNED, alone=OWNED))
    told = answer.stdout + answer.stderr
    assert [secret for secret in SECRETS.values() if secret in told] == [] and "same-key" not in told
    assert f"plan ~ {PEER} {KEY} ******" in told and f"plan - {NEIGHBOR} password" in told
    assert "snmp" not in told and "isis" not in told and "system" not in told


def test_a_refused_line_is_no_plan(vbash: Shell) -> None:
    answer = vbash(script([*TUNNEL, "interfaces vti vti0 address 999.1.1.1/30"], *PLAN, owned=OWNED, alone=OWNED))
    assert answer.returncode == 3 and "would refuse 1" in answer.stderr


def test_a_plan_can_not_commit(vbash: Shell) -> None:
    code = [line for line in script(TUNNEL, *PLAN, owned=OWNED, alone=OWNED).splitlines() if not line.lstrip().startswith("#")]
    words = {word for line in code for word in re.split(r"[^-\w/]+", line)}
    assert "/opt/vyatta/sbin/my_set" in words
    assert not words & {"/opt/vyatta/sbin/my_commit", "commit", "save", "load", "merge", "commit_once", "commit_changes"}


def test_a_line_that_not_every_release_knows_may_be_refused(vbash: Shell) -> None:
    wish = "configure\nmay_set interfaces vti vti0 no-such-node 1"
    answer = vbash(script(TUNNEL, APPLY, KEEP, owned=OWNED, alone=OWNED).replace("\nconfigure\n", f"\n{wish}\n", 1))
    assert answer.returncode == 0 and "this release does without: set interfaces vti vti0 no-such-node 1" in answer.stdout, answer.stderr


def rollback(vbash: Shell, execution: str = "") -> tuple[int, str]:
    answer = vbash(script([], ROLLBACK, owned=[], execution=execution))
    return answer.returncode, answer.stdout + answer.stderr


def test_a_rollback_without_a_previous_configuration_fails_and_says_so(vbash: Shell) -> None:
    vbash("rm -f /config/sdwan-*")
    status, said = rollback(vbash)
    assert status == 7 and "there is no previous configuration" in said and "restored" not in said
    # A wave's rollback reaches routers that the execution has not changed.
    status, said = rollback(vbash, "0123456789abcdef")
    assert status == 0 and "configuration unchanged: nothing that this execution has changed" in said


def test_a_rollback_by_hand_goes_back_once(vbash: Shell) -> None:
    vbash("rm -f /config/sdwan-*")
    apply(vbash, WITHOUT)
    before = active(vbash)
    apply(vbash, TUNNEL, execution="0123456789abcdef")
    status, said = rollback(vbash)
    assert status == 0 and "configuration restored" in said and active(vbash) == before
    assert "vti0" not in vbash("cat /config/config.boot").stdout
    status, said = rollback(vbash)
    assert status == 7 and "since it was rolled back" in said and active(vbash) == before


def test_a_rollback_that_would_change_nothing_is_none(vbash: Shell) -> None:
    apply(vbash, WITHOUT)
    apply(vbash, TUNNEL, RESTORE)
    status, said = rollback(vbash)
    assert status == 7 and "the previous configuration is the one that runs" in said


def planned_rollback(vbash: Shell) -> list[str]:
    before = active(vbash)
    answer = vbash(script([], *ROLLBACK_PLAN))
    assert answer.returncode == 0 and answer.stderr == "", answer.stdout + answer.stderr
    assert active(vbash) == before
    return [line.removeprefix("plan ") for line in answer.stdout.splitlines()]


def test_a_rollback_is_told_before_it_is_done(vbash: Shell) -> None:
    apply(vbash, WITHOUT)
    apply(vbash, TUNNEL, execution="one")
    told = planned_rollback(vbash)
    assert f"- {PEER}" in told and f"- {VTI}" in told and not [line for line in told if line.startswith("+")], told
    assert vbash(script([], ROLLBACK, owned=OWNED)).returncode == 0
    assert "vti0" not in active(vbash)


def test_a_secret_that_would_come_back_is_not_shown(vbash: Shell) -> None:
    apply(vbash, [*TUNNEL, f"{PEER} {KEY} the-first-one"])
    apply(vbash, [*TUNNEL, f"{PEER} {KEY} the-second-one"])
    told = planned_rollback(vbash)
    assert told == [f"~ {PEER} {KEY} ******"], told


@pytest.mark.parametrize("changes", [0, 1])
def test_where_there_is_nothing_to_go_back_to_the_plan_says_so(vbash: Shell, changes: int) -> None:
    """Nothing was changed; or what was changed has been taken back by hand."""
    vbash("rm -f /config/sdwan-before.boot*")
    if changes:
        apply(vbash, WITHOUT)
        apply(vbash, TUNNEL)
        by_hand(vbash, *(f"my_delete {node}" for node in (PEER, NEIGHBOR)))
        by_hand(vbash, f"my_delete {VTI}")
    answer = vbash(script([], *ROLLBACK_PLAN))
    assert answer.returncode == 7 and "plan " not in answer.stdout, answer.stdout + answer.stderr
    assert ("nothing to go back to" if changes else "there is no previous configuration") in answer.stderr
