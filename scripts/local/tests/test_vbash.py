"""The router's configuration commands have the exit statuses that VyOS 1.3 was measured to have."""

import pytest

from .conftest import Shell

GOOD = "interfaces ethernet eth0 description OUTSIDE"
ESP_WITHOUT_PROPOSAL = "vpn ipsec esp-group E lifetime 3600"


@pytest.mark.parametrize("prepared, command, status, printed", [
    ("", "set no such path", 0, "Configuration path: [no] is not valid"),
    ("", "set interfaces ethernet eth0 address 999.1.1.1/24", 0, "Value validation failed"),
    ("", f"set {GOOD}", 0, ""),
    ("", "/opt/vyatta/sbin/my_set no such path", 1, "is not valid"),
    ("", "/opt/vyatta/sbin/my_set interfaces ethernet eth0 address 999.1.1.1/24", 1, "Value validation failed"),
    ("", "/opt/vyatta/sbin/my_set interfaces ethernet eth0 description", 1, "requires a value"),
    ("", "/opt/vyatta/sbin/my_set system host-name 'a b'", 1, "Value validation failed"),
    ("", f"/opt/vyatta/sbin/my_set {GOOD}", 0, ""),
    (f"set {GOOD}", f"/opt/vyatta/sbin/my_set {GOOD}", 0, "already exists"),
    ("", "/opt/vyatta/sbin/my_delete interfaces vti vti0", 1, "Nothing to delete"),
    ("", "delete interfaces vti vti0", 0, "Nothing to delete"),
    ("", "commit", 1, "No configuration changes to commit"),
    (f"set {GOOD}", "commit", 0, ""),
    (f"set {ESP_WITHOUT_PROPOSAL}", "commit", 0, "[[vpn]] failed\nCommit failed"),
    (f"set {ESP_WITHOUT_PROPOSAL}", "/opt/vyatta/sbin/my_commit", 1, "[[vpn]] failed\nCommit failed"),
    ("", "cli-shell-api sessionChanged", 1, ""),
    (f"set {GOOD}", "cli-shell-api sessionChanged", 0, ""),
    (f"set {GOOD}\ncommit", "cli-shell-api sessionChanged", 1, ""),
    (f"set {ESP_WITHOUT_PROPOSAL}\ncommit", "cli-shell-api sessionChanged", 0, ""),
    (f"set {GOOD}\ndiscard", "cli-shell-api sessionChanged", 1, "Changes have been discarded"),
    (f"set {GOOD}\ncommit", "save", 0, "Saving configuration to '/config/config.boot'"),
    (": > /config/config.boot", "save", 0, "aborting save!"),
    ("", "load /no/such/file || false", 1, "Cannot open configuration file"),
    (f"set {GOOD}", "exit", 1, "Cannot exit: configuration modified."),
    ("", "run show no such thing", 1, "Invalid command"),
])
def test_exit_statuses(vbash: Shell, prepared: str, command: str, status: int, printed: str) -> None:
    answer = vbash(f"configure\n{prepared}\n{command}\nprintf 'status %s\\n' $?")
    assert answer.stdout.splitlines()[-1] == f"status {status}"
    assert printed in answer.stdout


def test_exit_with_a_number_does_not_exit(vbash: Shell) -> None:
    answer = vbash("configure\nexit 7\necho \"still here: $?\"")
    assert answer.stdout.splitlines()[-1] == "still here: 127" and "7: command not found" in answer.stderr
    assert vbash("configure\ncli-shell-api teardownSession\nbuiltin exit 7\necho not here").returncode == 7


def test_the_group_is_needed(vbash: Shell) -> None:
    answer = vbash(f"configure\nset {GOOD}\ncommit", group="sh -c")
    assert "must run under group vyattacfg" in answer.stderr
    assert "Not in a configuration session" in answer.stdout
    assert vbash("id -g", group="sg nobodys -c").returncode == 1


def test_a_commit_is_partial(vbash: Shell) -> None:
    answer = vbash(f"""configure
set interfaces loopback lo address 10.255.0.1/32
set {ESP_WITHOUT_PROPOSAL}
commit
save
cat /config/config.boot""")
    assert "10.255.0.1/32" in answer.stdout and "esp-group" not in answer.stdout.split("Done")[1]


def test_what_is_saved_is_loaded_at_the_next_boot(router_host: Shell, vbash: Shell) -> None:
    vbash("""configure
set interfaces loopback lo address 10.255.0.1/32
set system login user vyos authentication plaintext-password 'a \\ b $c {d}'
commit
save""")
    assert router_host("lxc stop router && lxc start router").returncode == 0
    answer = vbash("cli-shell-api showConfig --show-active-only")
    assert "10.255.0.1/32" in answer.stdout
    assert vbash("cli-shell-api returnActiveValue system login user vyos authentication plaintext-password").stdout == "a \\ b $c {d}"
    assert vbash("tail -n 2 /config/config.boot").stdout.startswith("// vyos-config-version:")


def test_what_is_not_saved_is_gone_at_the_next_boot(router_host: Shell, vbash: Shell) -> None:
    vbash("configure\nset interfaces loopback lo address 10.255.0.1/32\ncommit")
    router_host("lxc stop router && lxc start router")
    assert "10.255.0.1/32" not in vbash("run show configuration").stdout


def test_a_prefix_of_a_command_is_an_alias(vbash: Shell) -> None:
    # A function of a script whose name abbreviates a command never gets called by that name.
    answer = vbash("configure\ncommi")
    assert "No configuration changes to commit" in answer.stdout


@pytest.mark.parametrize("lines, complaint", [
    (["vpn ipsec ike-group I lifetime 3600"], 'No proposals configured for IKE group "I"'),
    (["vpn ipsec site-to-site peer 203.0.113.9 ike-group NONE"], 'The IKE group "NONE" specified'),
    (["vpn ipsec site-to-site peer 203.0.113.9 vti esp-group NONE"], 'The ESP group "NONE" specified'),
    (["vpn ipsec site-to-site peer 203.0.113.9 vti bind vti9"], 'VTI interface "vti9"'),
    (["vpn ipsec site-to-site peer 203.0.113.9 authentication mode pre-shared-secret"], "No pre-shared-secret"),
    (["protocols bgp 65001 neighbor 169.254.100.2 ebgp-multihop 2"], "remote-as must be set"),
    (["protocols bgp 65001 parameters router-id 1.1.1.1", "protocols bgp 65002 parameters router-id 1.1.1.1"], "Only one BGP AS"),
])
def test_a_commit_finds_what_is_missing(vbash: Shell, lines: list[str], complaint: str) -> None:
    sets = "\n".join(f"/opt/vyatta/sbin/my_set {line} || echo REFUSED" for line in lines)
    answer = vbash(f"configure\n{sets}\n/opt/vyatta/sbin/my_commit\nprintf 'status %s\\n' $?")
    assert complaint in answer.stdout and "REFUSED" not in answer.stdout
    assert answer.stdout.endswith("failed\nCommit failed\nstatus 1\n")


def test_a_broken_daemon_fails_the_commit(vbash: Shell) -> None:
    text = "configure\nset vpn ipsec options disable-route-autoinstall\n/opt/vyatta/sbin/my_commit\nprintf 'status %s\\n' $?"
    assert "did not load the configuration" in vbash(text, SDWAN_LOCAL_DEFECT="ipsec-daemon").stdout
    assert vbash(text).stdout.endswith("status 0\n")
