"""What goes wrong is said in one sentence that says what to do, and its exit status says of which kind it is."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from labs import KEPT, Lab, run

NOBODY = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
STRANGER = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIASTRANGERSTRANGER", "AWS_SECRET_ACCESS_KEY": "of nobody", "AWS_MAX_ATTEMPTS": "1"}

# What is wrong: the command, its status, what is said.
LOCAL: dict[str, tuple[str, int, str]] = {
    "verb": ("staus", 2, "there is no command staus; did you mean sdwan status?"),
    "beginning of a verb": ("stat", 2, "did you mean sdwan status?"),
    "router": ("status nv-sdwam", 2, "there is no verdict on a router nv-sdwam; did you mean nv-sdwan?"),
    "router of a question": ("exec nv-sdwam -- show version", 2, "the network has no router nv-sdwam; did you mean nv-sdwan?"),
    "router to verify": ("verify nv-sdwam", 2, "did you mean nv-sdwan?"),
    "router to plan": ("plan nv-sdwam", 2, "did you mean nv-sdwan?"),
    "router to bring up": ("up nv-sdwam --yes", 2, "did you mean nv-sdwan?"),
    "why": ("why nv-sdwam", 2, "did you mean nv-sdwan?"),
    "wave": ("up --from othres --yes", 2, "did you mean others?"),
    "wave to roll back": ("rollback --wave othres --yes", 2, "did you mean others?"),
    "tunnel": ("rotate-psk nw --yes", 2, "the network has no tunnel nw; did you mean nv?"),
    "name": ("status --name sdwam", 5, "there is no state machine sdwam in us-east-1; did you mean --name sdwan?"),
    "another region": ("status --region eu-west-1", 5, "there is no state machine sdwan in eu-west-1; is that the home region"),
    "no region": ("status --region nowhere", 2, '"nowhere" is no region'),
    "a write": ("exec nv-sdwan -- reboot", 2, "--write lets it"),
    "a shell's word": ("exec nv-sdwan -- show $(reboot)", 2, "is no word of a router's command"),
    "nobody to ask": ("up", 2, "stdin is no terminal, so nobody can be asked: give --yes"),
    "an execution": ("show zzz", 2, 'no execution of sdwan begins with "zzz"'),
    "an old execution": ("show @999", 2, "there is no execution @999"),
    "a time": ("history --since soon", 2, "--since is a time like 90m, 12h or 2d"),
    "a pause": ("verify --watch=0s", 2, "--watch=0s is no time of a second or more"),
    "waves": ("up --waves /nonexistent --yes", 2, "the file /nonexistent can't be read"),
    "two answers": ("watch --no-wait --approve yes", 2, "say two different things"),
    "no members": ("rollback --yes", 2, "name routers, or a wave"),
    "an endpoint": ("status --endpoint nowhere", 2, '--endpoint is "local" or an http:// or https:// URL'),
}


def complains(ended: object, status: int, words: str) -> None:
    assert ended.returncode == status, (ended.returncode, ended.stderr)  # type: ignore[attr-defined]
    assert words in ended.stderr, ended.stderr  # type: ignore[attr-defined]
    lines = ended.stderr.strip().splitlines()  # type: ignore[attr-defined]
    assert len(lines) <= 2 and lines[0].startswith("sdwan: "), lines
    assert len(lines) == 1 or lines[1].endswith("--help tells more"), lines
    assert ended.stdout == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", LOCAL)
def test_a_sentence(rollout: Lab, name: str) -> None:
    command, status, words = LOCAL[name]
    place = [] if "--endpoint" in command else ["--endpoint", "local"]
    complains(run(*command.split(), *place), status, words)


def test_changes_have_a_status(rollout: Lab) -> None:
    assert rollout.json("plan", "--recreate", "always")[0]["changed"] == 4
    rollout.sdwan("plan", "--recreate", "always", "--exit-code", status=3)


def test_a_time_that_is_over(rollout: Lab) -> None:
    complains(run("verify", "--timeout", "1", "--endpoint", "local"), 6, "had not answered after 1 s (--timeout)")


def endpoint() -> str:
    return json.loads(KEPT.read_text())["environment"]["AWS_ENDPOINT_URL"]


def test_no_credentials() -> None:
    complains(run("status", environment=NOBODY), 5, 'there are no credentials')


def test_somebody_elses_credentials(rollout: Lab) -> None:
    complains(run("status", "--endpoint", endpoint(), environment=STRANGER), 5, "UnrecognizedClientException")


def test_nobody_answers() -> None:
    complains(run("status", "--endpoint", "http://127.0.0.1:9", environment=STRANGER), 5, "got no answer from http://127.0.0.1:9")


def test_no_such_profile(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile network]\nregion = us-east-1\n")
    ended = run("status", "--profile", "nework", environment={**NOBODY, "AWS_CONFIG_FILE": str(config)})
    complains(ended, 5, 'there is no profile "nework"')
    assert "network" in ended.stderr


def test_a_sign_on_that_has_ended(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile network]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Operator\n"
                      "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.awsapps.com/start\n")
    ended = run("status", "--profile", "network", environment={**NOBODY, "AWS_CONFIG_FILE": str(config), "HOME": str(tmp_path)})
    complains(ended, 5, "aws sso login --profile network")


def test_no_permission(rollout: Lab) -> None:
    """Of a user who may list machines and nothing else: the sentence says what an operator needs, and doctor which it lacks."""
    keys = keys_of_an_onlooker()
    environment = {**NOBODY, **keys, "AWS_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
    ended = run("status", "--endpoint", endpoint(), environment=environment)
    complains(ended, 5, "operator_policy")
    found = run("doctor", "--endpoint", endpoint(), "--output", "json", environment=environment)
    assert found.returncode == 5, found.stderr
    checks = {check["name"]: check["state"] for check in json.loads(found.stdout)["checks"]}
    assert checks["states:ListStateMachines"] == "ok"
    assert checks["states:StartExecution"] == "refused" and checks["states:StopExecution"] == "refused", checks


def keys_of_an_onlooker() -> dict[str, str]:
    """The keys of a user who may list machines."""
    import boto3

    kept = json.loads(KEPT.read_text())["environment"]
    iam = boto3.client("iam", endpoint_url=kept["AWS_ENDPOINT_URL"], region_name="us-east-1",
                       aws_access_key_id=kept["AWS_ACCESS_KEY_ID"], aws_secret_access_key=kept["AWS_SECRET_ACCESS_KEY"],
                       aws_session_token=kept.get("AWS_SESSION_TOKEN"))
    name = f"onlooker-{uuid.uuid4().hex[:8]}"
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "states:ListStateMachines", "Resource": "*"}]}
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="look", PolicyDocument=json.dumps(policy))
    given = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"]}
