"""docs/aws.md says of permissions what the rendered policies say."""

import copy
import json
from typing import Any

import pytest

from local import documented


@pytest.fixture(scope="module")
def resources() -> list[dict[str, Any]]:
    return documented.rendered()


def test_the_page_has_the_tables_of_the_policies(resources: list[dict[str, Any]]) -> None:
    page = documented.PAGE.read_text()
    assert page == documented.page_with(page, documented.tables(resources)), "run: cd scripts && python -m local.documented"


def test_a_permission_more_changes_the_table_or_has_no_reason(resources: list[dict[str, Any]]) -> None:
    made = documented.tables(resources)
    for action in ("ssm:GetParameter", "ssm:CancelCommand"):
        changed = copy.deepcopy(resources)
        values = next(r["values"] for r in changed if r["address"] == "aws_iam_role_policy.lambda")
        policy = json.loads(values["policy"])
        policy["Statement"].append({"Effect": "Allow", "Action": action, "Resource": "arn:aws:ssm:us-east-1:111122223333:parameter/other"})
        values["policy"] = json.dumps(policy)
        if action == "ssm:GetParameter":
            with pytest.raises(documented.Unexplained, match="sdwan-lambda may ssm:GetParameter"):
                documented.tables(changed)
        else:
            assert documented.tables(changed) != made


def test_every_reason_belongs_to_a_permission(resources: list[dict[str, Any]]) -> None:
    made = documented.tables(resources)
    unused = [(who, action) for who, known in documented.WHY.items() for action, why in known.items() if f"| {why} |" not in made]
    assert unused == []
