"""docs/aws.md's tables of permissions, made from the policies that Terraform renders: what is written there is what is deployed.

    cd scripts && ../.local/venv/bin/python -m local.documented    writes them anew
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from .emulators.ledger import listed
from .network_file import REPO

PAGE = REPO / "docs/aws.md"
BEGIN, END = "<!-- made by scripts/local/documented.py from the policies: change it there -->", "<!-- end of what is made -->"
RENDERED = "tests/everything.tftest.hcl"
ACCOUNT, REGIONS = "111122223333", re.compile(r"us-east-1|eu-central-1")
# Why somebody may do something. An action that is not here has no reason to be in a policy.
WHY = {
    "sdwan-lambda": {
        "ssm:SendCommand": "run a phase's script on the routers' hosts, by this one document",
        "ssm:GetCommandInvocation": "see how a script ended; knows no resources",
        "ssm:DescribeInstanceInformation": "phase 1 waits until a host is online; knows no resources",
        "ssm:CancelCommand": "end what ran out of time or was stopped; knows no resources",
        "ssm:ListCommands": "find out whether a command whose answer was lost was sent; knows no resources",
        "ssm:ListCommandInvocations": "see how many commands stand, and which an execution has sent; knows no resources",
        "ssm:GetParametersByPath": "read which instance is which router, and its addresses",
        "ssm:DescribeParameters": "phase 2: which tunnels have keys of their own, their names and no values; knows no resources",
        "logs:CreateLogStream": "Lambda writes the function's log in its name",
        "logs:PutLogEvents": "Lambda writes the function's log in its name",
        "s3:PutObject": "results that are too long for the state machine (only with a bucket)",
        "s3:GetObjectVersion": "a topology, or waves, too large for the environment (only with a bucket)",
        "sqs:SendMessage": "Lambda keeps what could not be cancelled (only with rollout)",
    },
    "sdwan-state-machine": {
        "lambda:InvokeFunction": "the three phases",
        "events:PutEvents": "tell how far an execution is, and ask for approvals (only with rollout)",
        "dynamodb:PutItem": "keep executions and waves (only with `history_table`)",
        "logs:": "log delivery, which knows no resources",
    },
    "sdwan-host-REGION": {
        "s3:GetObject": "the router's image",
        "ssm:GetParameter": "the two secrets, and the keys that tunnels have of their own, in the host's own region",
        "kms:Decrypt": "an image under a key of your own, through S3 only (only with `vyos_s3_kms_key_arn`)",
        "ssm:UpdateInstanceInformation": "the agent: it is there",
        "ssm:ListInstanceAssociations": "the agent: asks at its start, whether State Manager is used or not",
        "ssmmessages:": "the agent: the channel over which commands come",
        "ec2messages:": "the agent: the way of commands before that channel, for agents before 3.3.40",
    },
    "events.amazonaws.com": {
        "lambda:InvokeFunction": "the rule on executions without success calls each phase with `cancel` (only with rollout); the "
                                 "schedule calls phase 3 (only with `verify_schedule`)",
        "sqs:SendMessage": "what that rule could not hand over (only with rollout)",
        "sns:Publish": "mail (only with `notify_email`)",
        "kms:": "the topic is encrypted; EventBridge does not say for which rule it uses a key",
    },
    "cloudwatch.amazonaws.com": {
        "sns:Publish": "mail about alarms (only with `notify_email` and `monitoring_enabled` or `verify_schedule`)",
        "kms:": "the topic is encrypted",
    },
}
TRACING = "X-Ray (only with `tracing_enabled`); knows no resources"
Resource = dict[str, Any]


class Unexplained(Exception):
    """A permission without a reason; the text names it."""


def rendered(file: str = RENDERED) -> list[Resource]:
    """All resources of a test file of the root, usually of that with every feature, as `terraform test` makes them with mocked
    providers."""
    with tempfile.TemporaryDirectory() as data:
        def terraform(*arguments: str) -> str:
            done = subprocess.run(["env", f"TF_DATA_DIR={data}", "terraform", *arguments], cwd=REPO / "terraform",
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"terraform {arguments[0]} failed:\n{done.stdout}{done.stderr}")
            return done.stdout

        terraform("init", "-input=false", "-backend=false")
        lines = [json.loads(line) for line in terraform("test", "-json", "-verbose", f"-filter={file}").splitlines()]
    states = [line["test_state"] for line in lines if line["type"] == "test_state"]
    return [resource for state in states for resource in _resources(state.get("values", state)["root_module"])]


def _resources(module: Resource) -> Iterator[Resource]:
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)


def tables(resources: list[Resource]) -> str:
    """Who may take a role, and what everybody may do, in Markdown."""
    taken = _table("| role | who may take it | only |", sorted({_trusted(r) for r in resources if r["type"] == "aws_iam_role"}))
    places: dict[tuple[str, str, str], set[str]] = {}
    for who, action, on, condition in _permissions(resources):
        places.setdefault((who, action, condition), set()).add(on)
    actions: dict[tuple[str, str, str, str], list[str]] = {}
    for (who, action, condition), ons in sorted(places.items()):
        actions.setdefault((who, _code(ons), condition, _why(who, action)), []).append(action)
    rows = [(_code([who]), _code(same), on, condition, why) for (who, on, condition, why), same in actions.items()]
    return "\n\n".join([taken, _table("| who | may | on | only | why |", rows)])


def page_with(text: str, made: str) -> str:
    """The page with what is made between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE} lacks the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def _permissions(resources: Iterable[Resource]) -> Iterator[tuple[str, str, str, str]]:
    """Who, action, resource, condition."""
    for resource in resources:
        values = resource["values"]
        if resource["type"] == "aws_iam_role_policy":
            yield from _statements(json.loads(values["policy"]), _name(values["name"], resource))
        elif resource["type"] in ("aws_sns_topic_policy", "aws_sqs_queue_policy", "aws_kms_key"):
            yield from _statements(json.loads(values["policy"]), None)
        elif resource["type"] == "aws_lambda_permission":
            yield (values["principal"], values["action"], values["function_name"],
                   _conditions({"ArnLike": {"aws:SourceArn": values["source_arn"]}}))


def _statements(policy: dict[str, Any], who: str | None) -> Iterator[tuple[str, str, str, str]]:
    for statement in policy["Statement"]:
        # That the account's own administrators may do all with a key says nothing of a role.
        for one in [who] if who else listed(statement["Principal"].get("Service", [])):
            for action in listed(statement["Action"]):
                for on in listed(statement["Resource"]):
                    shown = "the key" if action.startswith("kms:") and on == "*" else _readable(on, one)
                    yield one, action, shown, _conditions(statement.get("Condition", {}))


def _trusted(resource: Resource) -> tuple[str, str, str]:
    statement = json.loads(resource["values"]["assume_role_policy"])["Statement"][0]
    name = _name(resource["values"]["name"], resource)
    return f"`{name}`", f"`{statement['Principal']['Service']}`", _conditions(statement.get("Condition", {}))


def _name(name: str, resource: Resource) -> str:
    """The hosts' roles are the same in each region."""
    return "sdwan-host-REGION" if resource["name"] == "host" else name


def _readable(arn: str, who: str) -> str:
    text = arn.replace(ACCOUNT, "ACCOUNT")
    if who == "sdwan-host-REGION" or ":ec2:" in text or ":ssm:" in text:
        text = REGIONS.sub("REGION", text)
    return re.sub(r":instance/[^*]+$", ":instance/ID", text)


def _conditions(condition: dict[str, dict[str, Any]]) -> str:
    shown = [f"`{key}` {operator} {', '.join(f'`{value}`' for value in listed(values))}"
             for operator, keys in condition.items() for key, values in keys.items()]
    return "; ".join(shown).replace(ACCOUNT, "ACCOUNT")


def _why(who: str, action: str) -> str:
    known = WHY.get(who, {})
    why = known.get(action) or known.get(action.split(":")[0] + ":") or (TRACING if action.startswith("xray:") else None)
    if why is None:
        raise Unexplained(f"{who} may {action}: say in WHY what for, or take it out of the policy")
    return why


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *(f"| {' | '.join(cell or '–' for cell in row)} |" for row in rows)])


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(), tables(rendered())))
    print(f"{PAGE} is up to date", file=sys.stderr)
