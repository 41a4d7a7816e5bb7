"""The credentials that a tool finds beside those that botocore finds. SDWAN_KEYS is the built Tests/Keys."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from givers import Givers, givers, iso

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDOFENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "secret of the environment"}
STATIC = "aws_access_key_id = AKIDSTATIC\naws_secret_access_key = abc#def/+=\n"
BASE = f"[base]\n{STATIC}"
ROLE = "role_arn = arn:aws:iam::123456789012:role/operator\n"
SESSION = "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.awsapps.com/start\n"
WHO = "sso_account_id = 123456789012\nsso_role_name = Operator\n"
PRINTS = 'credential_process = printf \'{"Version": %d, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s", "SessionToken": "t"}\'\n'

# name: environment, credentials, config, profile
CASES: dict[str, tuple[dict[str, str], str, str, str | None]] = {
    "environment": (KEYS, "", "", None),
    "environment with a token": ({**KEYS, "AWS_SESSION_TOKEN": "a token"}, "", "", None),
    "half an environment": ({"AWS_ACCESS_KEY_ID": "AKIDALONE"}, f"[default]\n{STATIC}", "", None),
    "the environment is before the files": (KEYS, f"[default]\n{STATIC}", "", None),
    "a wanted profile is before the environment": (KEYS, BASE, "", "base"),
    "AWS_PROFILE is behind the environment": ({**KEYS, "AWS_PROFILE": "base"}, BASE, "", None),
    "default": ({}, f"[default]\n{STATIC}", "", None),
    "default of config": ({}, "", f"[default]\n{STATIC}", None),
    "both files": ({}, "[default]\naws_access_key_id = AKIDTWO\naws_secret_access_key = two", f"[default]\n{STATIC}", None),
    "a profile of config": ({"AWS_PROFILE": "b"}, "", f"[profile b]\n{STATIC}", None),
    "no such profile": ({"AWS_PROFILE": "nobody"}, BASE, "", None),
    "a secret is missing": ({}, "[default]\naws_access_key_id = AKIDALONE\n", "", None),
    "comments and space": ({"AWS_PROFILE": "b"}, "", f"# one\n; two\n[profile b]\n # three\n{STATIC}region = us-east-1 # here\n", None),
    "nested values": ({}, f"[default]\n{STATIC}", "[default]\ns3 =\n  aws_access_key_id = no\nregion = eu-central-1\n", None),
    "a role": ({"AWS_PROFILE": "r"}, BASE, f"[profile r]\n{ROLE}source_profile = base\n", None),
    "a role with everything": ({"AWS_PROFILE": "r"}, BASE, f"[profile r]\n{ROLE}source_profile = base\nexternal_id = ext-1\n"
                               "role_session_name = chosen\nduration_seconds = 1800\nregion = eu-central-1\n", None),
    "a role of a role": ({"AWS_PROFILE": "q"}, BASE, f"[profile r]\n{ROLE}source_profile = base\n[profile q]\n"
                         "role_arn = arn:aws:iam::123456789012:role/second\nsource_profile = r\n", None),
    "its own source": ({"AWS_PROFILE": "s"}, "", f"[profile s]\n{ROLE}source_profile = s\n{STATIC}", None),
    "a circle": ({"AWS_PROFILE": "x"}, "", f"[profile x]\n{ROLE}source_profile = y\n[profile y]\n{ROLE}source_profile = x\n", None),
    "no such source": ({"AWS_PROFILE": "r"}, BASE, f"[profile r]\n{ROLE}source_profile = nobody\n", None),
    "no source at all": ({"AWS_PROFILE": "r"}, BASE, f"[profile r]\n{ROLE}", None),
    "a role by the environment": ({**KEYS}, "", f"[profile r]\n{ROLE}credential_source = Environment\n", "r"),
    "a role by the container": ({"CONTAINER": "1"}, "", f"[profile r]\n{ROLE}credential_source = EcsContainer\n", "r"),
    "a role by the instance": ({"IMDS": "1"}, "", f"[profile r]\n{ROLE}credential_source = Ec2InstanceMetadata\n", "r"),
    "a process": ({"AWS_PROFILE": "p"}, "", f"[profile p]\n{PRINTS % 1}", None),
    "a process of another version": ({"AWS_PROFILE": "p"}, "", f"[profile p]\n{PRINTS % 2}", None),
    "a process that fails": ({"AWS_PROFILE": "p"}, "", "[profile p]\ncredential_process = sh -c 'echo no >&2; exit 3'\n", None),
    "keys are before a process": ({"AWS_PROFILE": "p"}, "", f"[profile p]\n{STATIC}{PRINTS % 1}", None),
    "single sign-on": ({"AWS_PROFILE": "o", "TOKEN": "corp"}, "", f"{SESSION}[profile o]\nsso_session = corp\n{WHO}", None),
    "the old single sign-on": ({"AWS_PROFILE": "o", "TOKEN": "https://old.awsapps.com/start"}, "", "[profile o]\n"
                               f"sso_start_url = https://old.awsapps.com/start\nsso_region = eu-central-1\n{WHO}", None),
    "a sign-in that is renewed": ({"AWS_PROFILE": "o", "OLD_TOKEN": "corp"}, "", f"{SESSION}[profile o]\nsso_session = corp\n{WHO}", None),
    "a sign-in that has ended": ({"AWS_PROFILE": "o", "DEAD_TOKEN": "corp"}, "", f"{SESSION}[profile o]\nsso_session = corp\n{WHO}", None),
    "nobody has signed in": ({"AWS_PROFILE": "o"}, "", f"{SESSION}[profile o]\nsso_session = corp\n{WHO}", None),
    "no such session": ({"AWS_PROFILE": "o"}, "", f"[profile o]\nsso_session = corp\n{WHO}", None),
    "a role by single sign-on": ({"AWS_PROFILE": "r", "TOKEN": "corp"}, "",
                                 f"{SESSION}[profile o]\nsso_session = corp\n{WHO}[profile r]\n{ROLE}source_profile = o\n", None),
    "a web identity": ({"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod", "AWS_ROLE_SESSION_NAME": "chosen", "IDENTITY": "1"},
                       "", "", None),
    "a web identity of a profile": ({"AWS_PROFILE": "w"}, "", f"[profile w]\n{ROLE}web_identity_token_file = IDENTITY\n", None),
    "a web identity without its file": ({"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
                                         "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token"}, "", "", None),
    "a container": ({"CONTAINER": "1"}, "", "", None),
    "a container with a token": ({"CONTAINER": "1", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let me in"}, "", "", None),
    "a container elsewhere": ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.7/credentials"}, "", "", None),
    "an instance": ({"IMDS": "1"}, "", "", None),
    "an instance that may not be asked": ({"IMDS": "1", "AWS_EC2_METADATA_DISABLED": "true"}, "", "", None),
    "nothing": ({}, "", "", None),
}

# Alone in a process: botocore keeps much.
BOTOCORE = """
import json, sys, botocore.session
try:
    found = botocore.session.Session(profile=sys.argv[1] if len(sys.argv) > 1 else None).get_credentials()
    frozen = found and found.get_frozen_credentials()
    print(json.dumps({"key": frozen.access_key, "secret": frozen.secret_key, "token": frozen.token or ""} if frozen else {"error": "none"}))
except Exception as error:
    print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Givers]:
    with givers() as server:
        yield server


def home(folder: Path, server: Givers, case: tuple[dict[str, str], str, str, str | None]) -> dict[str, str]:
    """A home with the files, and the environment of whoever lives there."""
    variables, secrets, config, _ = case
    (folder / ".aws/sso/cache").mkdir(parents=True)
    (folder / "identity").write_text("a web token\n")
    (folder / ".aws/credentials").write_text(secrets)
    (folder / ".aws/config").write_text(config.replace("IDENTITY", str(folder / "identity")))
    environment = {
        "HOME": str(folder), "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_STS": f"{server.url}/sts",
        "AWS_ENDPOINT_URL_SSO": f"{server.url}/sso", "AWS_ENDPOINT_URL_SSO_OIDC": f"{server.url}/oidc", "AWS_DEFAULT_REGION": "us-east-1",
        # Nobody: whoever is no instance has no metadata service.
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9", "AWS_METADATA_SERVICE_TIMEOUT": "1",
        **{name: value for name, value in variables.items()
           if name not in ("CONTAINER", "IMDS", "TOKEN", "OLD_TOKEN", "DEAD_TOKEN", "IDENTITY")},
    }
    if "CONTAINER" in variables:
        environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{server.url}/container/task"
    if "IMDS" in variables:
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = f"{server.url}/imds"
    if "IDENTITY" in variables:
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(folder / "identity")
    for kind, left in (("TOKEN", 3600), ("OLD_TOKEN", -60), ("DEAD_TOKEN", -60)):
        if key := variables.get(kind):
            token: dict[str, Any] = {"accessToken": "signed-in", "expiresAt": iso(time.time() + left), "region": "eu-central-1",
                                     "startUrl": "https://corp.awsapps.com/start"}
            if kind == "OLD_TOKEN":
                token |= {"clientId": "c", "clientSecret": "s", "refreshToken": "r", "registrationExpiresAt": iso(time.time() + 9999)}
            (folder / ".aws/sso/cache" / f"{hashlib.sha1(key.encode()).hexdigest()}.json").write_text(json.dumps(token))
    return environment


def asked(command: list[str], environment: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CASES)
def test_the_same_as_botocore(name: str, tmp_path: Path, server: Givers) -> None:
    case = CASES[name]
    profile = [case[3]] if case[3] else []
    server.wrong.clear()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").mkdir()
    theirs = asked([sys.executable, "-c", BOTOCORE, *profile], home(tmp_path / "theirs", server, case))
    ours = asked([os.environ["SDWAN_KEYS"], *profile], home(tmp_path / "ours", server, case))
    assert not server.wrong, server.wrong
    if "error" in theirs:
        assert "error" in ours, f"botocore has none ({theirs['error']}), we have {ours['key']}"
        assert len(ours["error"].splitlines()) == 1 and "abc#def" not in ours["error"]
    else:
        assert ours == theirs


def test_a_device_is_asked_for_a_code(tmp_path: Path, server: Givers) -> None:
    config = f"[profile m]\n{ROLE}source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n"
    environment = home(tmp_path, server, ({"AWS_PROFILE": "m"}, BASE, config, None))
    ours = asked([os.environ["SDWAN_KEYS"]], environment)
    assert "wants a code of the MFA device arn:aws:iam::123456789012:mfa/me, and nobody can be asked" in ours["error"]
    ours = asked([os.environ["SDWAN_KEYS"]], {**environment, "MFA_CODE": "123456"})
    assert ours["key"].startswith("ASIA") and not server.wrong


@pytest.mark.parametrize(("name", "words"), [
    ("a sign-in that has ended", "the sign-in of the profile o has ended: aws sso login --profile o"),
    ("nobody has signed in", "nobody has signed in for the profile o: aws sso login --profile o"),
    ("no such profile", 'there is no profile "nobody"'),
    ("a circle", "the profiles x → y → x are each other's source"),
    ("nothing", 'there are no credentials: not in the environment (AWS_ACCESS_KEY_ID)'),
])
def test_what_is_wrong_is_said(name: str, words: str, tmp_path: Path, server: Givers) -> None:
    assert words in asked([os.environ["SDWAN_KEYS"]], home(tmp_path, server, CASES[name]))["error"]
