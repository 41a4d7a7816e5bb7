"""The scripts as they arrive on a host."""

from __future__ import annotations

import re
import subprocess

import pytest
from harness import Lab
from network import ROUTERS, Router

PHASES = ["phase1", "phase2", "phase3"]
VERSIONS = ["1.3", "1.4", "1.5"]
PACKAGES = ["python3-pip", "net-tools", "tmux", "curl", "unzip", "jq"]
TOOL = re.compile(r"\b(apt-get|snap|lxc|lxd|aws|chpasswd)\b")


def scripts(lab: Lab, phase: str, version: str = "1.3", **environment: str) -> dict[str, str]:
    lab.start(phase, VYOS_VERSION=version, **environment).invoke()
    return {name: lab.ssm.commands_for(router.instance_id)[0].script for name, router in ROUTERS.items()}


def code(script: str) -> list[str]:
    """The lines that do something."""
    lines = (line.strip() for line in script.splitlines()[1:])
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("phase", PHASES)
def test_a_script_is_a_bash_file_that_takes_the_lock_first(lab: Lab, phase: str, version: str) -> None:
    for script in scripts(lab, phase, version).values():
        assert script.splitlines()[0] == "#!/bin/bash"
        checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, timeout=30)
        assert checked.returncode == 0, checked.stderr
        text = "\n".join(code(script))
        lock = re.search(r"^\s*(if ! )?flock -w \S+ 9", text, re.M)
        assert lock and "/run/sdwan.lock" in text[: lock.start()]
        assert re.search(r'export PATH="?\$PATH:/snap/bin"?', text)
        before = re.sub(r"^(export PATH|\w+\(\)).*$", "", text[: lock.start()], flags=re.M)
        called = [line for line in before.splitlines() if re.match(r"(apt-get|snap|lxc|lxd|aws|chpasswd)\b", line)]
        assert not called


def test_p2_every_package_is_installed(lab: Lab) -> None:
    for script in scripts(lab, "phase1").values():
        [install] = [line for line in code(script.replace("\\\n", " "))
                     if re.search(r"apt-get\b.*\binstall\b", line) and "--reinstall" not in line]
        assert set(PACKAGES) <= set(install.split())


def test_p3_snapd_is_seeded_before_every_install(lab: Lab) -> None:
    for script in scripts(lab, "phase1").values():
        seeded, installed = False, set()
        for line in code(script):
            if re.search(r"\bsnap wait system seed.loaded", line):
                seeded = True
            elif match := re.search(r"\bsnap install (\S+)", line):
                assert seeded, line
                installed.add(match[1])
        assert installed >= {"lxd", "aws-cli"}


@pytest.mark.parametrize("phase", PHASES)
def test_no_secret_is_in_a_command(lab: Lab, phase: str) -> None:
    secret = {"phase1": "/sdwan-secrets/ubuntu-password", "phase2": "/sdwan-secrets/vpn-psk"}.get(phase)
    for script in scripts(lab, phase).values():
        for private in (lab.ssm.identity.secret_key, lab.ssm.identity.token, lab.ssm.identity.access_key):
            assert private not in script
        assert "set -x" not in script and (secret is None or secret in script)
        assert secret is None or "--with-decryption" in script
    assert not [call for call in lab.ssm.calls if "secret" in str(call.body.get("Name", "")) + str(call.body.get("Path", ""))]


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
def test_secrets_come_from_the_hosts_own_region(lab: Lab, phase: str) -> None:
    for name, script in scripts(lab, phase).items():
        own = ROUTERS[name].region
        other = {"us-east-1", "eu-central-1"} - {own}
        text = "\n".join(code(script.replace("\\\n", " ")))
        assert own in text and (phase == "phase1" or not any(region in text for region in other))


def test_the_image_comes_from_where_it_is(lab: Lab) -> None:
    found = scripts(lab, "phase1", VYOS_S3_BUCKET="other-bucket", VYOS_S3_REGION="ap-south-1", VYOS_S3_KEY="a/b c.tar")
    for script in found.values():
        assert "other-bucket" in script and "ap-south-1" in script and "a/b c.tar" in script


@pytest.mark.parametrize("phase", PHASES)
def test_a_command_fits_the_service(lab: Lab, phase: str) -> None:
    scripts(lab, phase)
    for command in lab.ssm.commands:
        assert len(command.script.encode()) < 64 * 1024 and 0 < len(command.comment) <= 100


def expected(router: Router, version: str) -> list[str]:
    peer = ROUTERS[router.peer]
    words = [f"{router.vti}/30", f"{router.loopback}/32", peer.vti, peer.eip, peer.private_ip, router.private_ip,
             str(router.asn), str(peer.asn), "aes256", "sha256", "3600", "28800", "ikev2", "mtu 1422",
             "connection-type " + ("initiate" if router.role == "branch" else "respond" if version == "1.3" else "none"),
             "disable-route-autoinstall", "ebgp-multihop", "update-source"]
    return words + (["remote-address", "local-id", "system-as"] if version != "1.3" else ["ipsec-interfaces"])


@pytest.mark.parametrize("version", VERSIONS)
def test_phase_2_speaks_of_its_own_tunnel_only(lab: Lab, version: str) -> None:
    for name, script in scripts(lab, "phase2", version).items():
        router = ROUTERS[name]
        missing = [word for word in expected(router, version) if word not in script]
        assert not missing, missing
        strangers = [other for other in ROUTERS.values() if other.name not in (name, router.peer)]
        foreign = [word for other in strangers for word in (other.eip, other.private_ip, other.vti + "/", other.loopback + "/")
                   if re.search(r"(?<![\d.])" + re.escape(word), script)]
        assert not foreign and "gcm" not in script
