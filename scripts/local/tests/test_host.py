"""The host's stand-ins refuse what a real host refuses."""

import hashlib
import os
import subprocess
import sys
import tarfile
from base64 import b64decode
from pathlib import Path

import pytest

from local.fleet.sandbox import Sandbox

from .conftest import PRESEED, SNAPS, Shell


def test_snap_before_the_seed_fails(sh: Shell) -> None:
    early = sh("snap install lxd")
    assert early.returncode == 1 and "not yet seeded" in early.stderr
    assert sh("snap wait system seed.loaded && snap install lxd && snap install lxd").returncode == 0


def test_a_snap_brings_its_programs(sh: Shell) -> None:
    # 126 where the machine itself has one, which is hidden from its hosts
    assert sh("lxc list").returncode in (126, 127)
    assert sh(SNAPS + "lxc list").returncode == 0


def test_aws_cli_wants_classic(sh: Shell) -> None:
    refused = sh("snap wait system seed.loaded; snap install aws-cli")
    assert refused.returncode == 1 and "--classic" in refused.stderr
    assert sh("snap install aws-cli --classic && command -v aws").stdout.splitlines()[-1] == "/snap/bin/aws"


def test_apt_needs_its_lists_and_yes(sh: Shell) -> None:
    assert "Unable to locate package jq" in sh("apt-get install -y jq").stderr
    assert sh("apt-get update && apt-get install jq </dev/null").returncode == 1
    assert sh("apt-get update && apt-get install -y jq").returncode == 0
    assert "jq is already the newest" in sh("apt-get install -y jq").stdout


def test_chpasswd_stores_a_hash(host: Sandbox, sh: Shell) -> None:
    assert sh("printf 'ubuntu:se:cret word\\n' | chpasswd").returncode == 0
    shadow = (host.root / "etc/shadow").read_text()
    field = next(line for line in shadow.splitlines() if line.startswith("ubuntu:")).split(":")[1]
    _, kind, rounds, salt, digest = field.split("$")
    assert kind == "pbkdf2-sha256" and "cret" not in shadow
    assert hashlib.pbkdf2_hmac("sha256", b"se:cret word", b64decode(salt), int(rounds)) == b64decode(digest)
    assert sh("echo nobody-there:x | chpasswd").returncode == 1
    assert sh("echo ubuntu: | chpasswd").returncode == 1


def test_aws_reports_an_unreachable_endpoint(sh: Shell) -> None:
    sh("snap wait system seed.loaded; snap install aws-cli --classic")
    failed = sh("aws ssm get-parameter --name /x --with-decryption --query Parameter.Value --output text --region us-east-1",
                AWS_ENDPOINT_URL="http://127.0.0.1:1", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_MAX_ATTEMPTS="1")
    assert failed.returncode == 254 and "Could not connect" in failed.stderr and not failed.stdout


def test_a_host_is_not_the_machine(host: Sandbox, sh: Shell) -> None:
    assert sh("id -u; hostname; touch /usr/x 2>/dev/null || echo read-only").stdout.split() == ["0", "host", "read-only"]
    assert sh("echo mine > /etc/marker").returncode == 0 and sh("cat /etc/marker").stdout == "mine\n"


# ---- LXD

IMPORT = "lxc image import /tmp/vyos.tar.gz --alias vyos && "
READY = "set -e; lxc image import /tmp/vyos.tar.gz --alias vyos; lxc init vyos router; "
NIC = "lxc config device add router eth0 nic nictype=physical parent={} name=eth0"


def test_no_container_before_the_preseed(host: Sandbox, sh: Shell) -> None:
    from local import image

    image.build(host.root / "tmp/vyos.tar.gz", "1.3")
    early = sh(SNAPS + IMPORT + "lxc init vyos router")
    assert early.returncode == 1 and "No root device could be found" in early.stderr
    assert sh(PRESEED + "lxc init vyos router").returncode == 0


def test_preseed_twice_and_with_another_driver(sh: Shell) -> None:
    assert sh(SNAPS + PRESEED + "lxd init --preseed <<<'storage_pools: [{name: default, driver: dir}]'").returncode == 0
    assert "cannot be changed" in sh("lxd init --preseed <<<'storage_pools: [{name: default, driver: zfs}]'").stderr
    assert sh("lxd init --preseed <<<'storage_pools: [name'").returncode == 1


@pytest.mark.parametrize("command, complaint", [
    ("lxc image import /tmp/absent.tar.gz --alias vyos", "no such file or directory"),
    ("echo x > /tmp/bad; lxc image import /tmp/bad --alias vyos", "Failed to read image"),
    ("lxc image info vyos", "Image not found"),
    ("lxc image delete vyos", "Image not found"),
    ("lxc init vyos router", "Image not found"),
    (READY + "lxc init vyos other --profile none", 'Requested profile "none" doesn\'t exist'),
    (READY + "lxc start router; lxc rename router other", "Renaming of running instance not allowed"),
    (READY + "lxc rename router router", 'Name "router" already in use'),
    ("lxc rename router other", "Instance not found"),
    (READY + "lxc config set router security.protection.delete true; lxc delete router --force", "Container is protected"),
    (READY + "lxc config device set router eth0 parent ens7", "Device doesn't exist"),
    (IMPORT + "lxc image alias create vyos vyos", 'Alias "vyos" already exists'),
    ("lxc image alias delete vyos", "Image alias not found"),
    ("lxc image alias create vyos abc", "Image not found"),
    ("lxc info router", "Instance not found"),
    ("lxc start router", "Instance not found"),
    ("lxc exec router -- true", "Instance not found"),
    ("lxc file push /tmp/vyos.tar.gz router/tmp/x", "Instance not found"),
    (READY + "lxc init vyos router", "already exists"),
    (READY + "lxc exec router -- true", "Instance is not running"),
    (READY + "lxc stop router --force", "already stopped"),
    (READY + "lxc file push /tmp/absent router/tmp/x", "open /tmp/absent: no such file or directory"),
    (READY + "lxc file push /tmp/vyos.tar.gz router/no/such/folder/x", "file does not exist"),
    (READY + NIC.format("ens6") + "; " + NIC.format("ens7"), "The device already exists"),
    (READY + NIC.format("ens9") + "; lxc start router", "Parent device 'ens9' doesn't exist"),
    (READY + "lxc start router; lxc start router", "already running"),
    (READY + "lxc start router; lxc delete router", "currently running, stop it first"),
    (IMPORT + "lxc image import /tmp/vyos.tar.gz --alias vyos", "already exists"),
])
def test_lxd_complaints(lxd: Shell, command: str, complaint: str) -> None:
    answer = lxd(command)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ") and complaint in answer.stderr


def test_a_container_from_birth_to_death(lxd: Shell) -> None:
    answer = lxd(READY + NIC.format("ens6") + """
echo hello | lxc file push --mode=0600 - router/opt/vyatta/etc/config/note
lxc start router
lxc exec router -- cat /config/note
lxc exec router -- sh -c 'exit 7' || echo "exit $?"
lxc exec router -- no-such-program || echo "exit $?"
lxc list --format csv -c ns
lxc stop router --force; lxc info router | grep Status; lxc delete router --force; lxc image delete vyos""")
    assert answer.returncode == 0, answer.stderr
    said = answer.stdout.split("\n")
    for expected in ("hello", "exit 7", "exit 127", "router,RUNNING", "Status: Stopped"):
        assert expected in said


def test_a_card_belongs_to_one_running_container(lxd: Shell) -> None:
    answer = lxd(READY + NIC.format("ens6") + """; lxc start router; lxc init vyos other
lxc config device add other eth0 nic nictype=physical parent=ens6 name=eth0
lxc start other""")
    assert answer.returncode == 1 and "Parent device 'ens6' doesn't exist" in answer.stderr
    assert lxd("lxc stop router; lxc start other").returncode == 0


def test_stopping_takes_the_router_off_the_wire(host: Sandbox, lxd: Shell) -> None:
    assert lxd(READY + NIC.format("ens6") + "; lxc start router").returncode == 0
    assert (host.wire / "cards/eni-6/router.json").exists()
    assert lxd("lxc delete router --force").returncode == 0
    assert not (host.wire / "cards/eni-6/router.json").exists()


def test_the_image_is_a_reproducible_tar(host: Sandbox, lxd: Shell) -> None:
    from local import image

    first = (host.root / "tmp/vyos.tar.gz").read_bytes()
    image.build(host.root / "tmp/again.tar.gz", "1.3")
    assert (host.root / "tmp/again.tar.gz").read_bytes() == first
    with tarfile.open(host.root / "tmp/again.tar.gz") as tar:
        assert {"metadata.yaml", "rootfs/bin/vbash", "rootfs/sbin/init"} <= set(tar.getnames())


def test_a_router_compiles_none_of_its_programs(tmp_path: Path) -> None:
    """Whoever builds the image, and whatever else is loaded there."""
    from local import image

    image.build(tmp_path / "vyos.tar.gz", "1.3")
    program = "import sys; from pathlib import Path; from local import image; image.build(Path(sys.argv[1]), '1.3')"
    other = {**os.environ, "PYTHONPATH": str(Path(image.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "other.tar.gz")], env=other, check=True)
    assert (tmp_path / "other.tar.gz").read_bytes() == (tmp_path / "vyos.tar.gz").read_bytes()
    with tarfile.open(tmp_path / "vyos.tar.gz") as tar:
        tar.extractall(tmp_path, [member for member in tar if "/sim/vyos" in member.name], filter="fully_trusted")
    load = [sys.executable, "-S", "-B", "-v", "-c", "import vyos.programs, vyos.control, vyos.operate"]
    said = subprocess.run(load, env={}, cwd=tmp_path / "rootfs" / image.SIMULATOR, capture_output=True, text=True, check=True).stderr
    taken = {line.rsplit("/", 1)[1] for line in said.splitlines() if line.startswith("# code object from") and "/vyos/__pycache__/" in line}
    assert len(taken) > 20 and not [line for line in said.splitlines() if line.startswith("# code object from") and line.endswith(".py")
                                    and "/vyos/" in line], said
