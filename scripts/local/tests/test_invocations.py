"""The list of invocations over what MiniStack keeps of commands."""

from typing import Any

import pytest

from local.contract.services import answer_problems
from local.emulators.invocations import MOST_CHARACTERS, Refused, output, page

BEGIN = 1795_683_600  # 2026-11-26T09:00:00Z


def command(number: int, *instances: str, **more: Any) -> dict[str, Any]:
    """One as MiniStack has it; the last one is the newest."""
    identity = f"{number:08d}-0000-0000-0000-000000000000"
    each = {"CommandId": identity, "Comment": f"phase1 {number}", "DocumentName": "AWS-RunShellScript", "Status": "Success",
            "StatusDetails": "Success", "ResponseCode": 0, "StandardOutputContent": f"out {number}", "StandardErrorContent": "", **more}
    return {"CommandId": identity, "DocumentName": "AWS-RunShellScript", "RequestedDateTime": BEGIN + number,
            "Invocations": {instance: {**each, "InstanceId": instance} for instance in instances}}


COMMANDS = [command(0, "i-00000001", "i-00000002"), command(1, "i-00000001", Status="InProgress"), command(2, "i-00000003")]


def found(**asked: Any) -> list[tuple[str, str]]:
    return [(each["Comment"], each["InstanceId"]) for each in page(COMMANDS, asked)["CommandInvocations"]]


def test_the_newest_come_first_and_one_command_may_have_many() -> None:
    assert found() == [("phase1 2", "i-00000003"), ("phase1 1", "i-00000001"), ("phase1 0", "i-00000001"), ("phase1 0", "i-00000002")]
    assert answer_problems("ssm", "ListCommandInvocations", page(COMMANDS, {"Details": True})) == []


@pytest.mark.parametrize("asked, comments", [
    ({"Filters": [{"key": "InvokedAfter", "value": "2026-11-26T09:00:01Z"}]}, ["phase1 2", "phase1 1"]),
    ({"Filters": [{"key": "InvokedBefore", "value": "2026-11-26T09:00:00Z"}]}, ["phase1 0", "phase1 0"]),
    ({"Filters": [{"key": "Status", "value": "InProgress"}]}, ["phase1 1"]),
    ({"InstanceId": "i-00000002"}, ["phase1 0"]), ({"CommandId": COMMANDS[2]["CommandId"]}, ["phase1 2"])])
def test_a_list_is_narrowed(asked: dict[str, Any], comments: list[str]) -> None:
    assert [comment for comment, _ in found(**asked)] == comments


def test_pages_join_and_a_token_is_for_its_question() -> None:
    first = page(COMMANDS, {"MaxResults": 3})
    rest = page(COMMANDS, {"MaxResults": 3, "NextToken": first["NextToken"]})
    assert len(first["CommandInvocations"]) == 3 and len(rest["CommandInvocations"]) == 1 and "NextToken" not in rest
    for token in (first["NextToken"], "nonsense"):
        with pytest.raises(Refused, match="token"):
            page(COMMANDS, {"MaxResults": 2, "NextToken": token})


@pytest.mark.parametrize("filters, code", [
    ([{"key": "InvokedAfter", "value": "yesterday"}], "ValidationException"),
    ([{"key": "ExecutionStage", "value": "x"}], "InvalidFilterKey"),
    ([{"key": "Status", "value": "x"}] * 2, "InvalidFilterKey")])
def test_what_is_no_filter_is_refused(filters: list[dict[str, str]], code: str) -> None:
    with pytest.raises(Refused) as refused:
        page(COMMANDS, {"Filters": filters})
    assert refused.value.code == code


def test_details_only_where_they_are_asked_for() -> None:
    [_, running, *_] = page(COMMANDS, {"Details": True})["CommandInvocations"]
    assert running["CommandPlugins"][0]["Output"] == "out 1" and page(COMMANDS, {})["CommandInvocations"][0]["CommandPlugins"] == []


def test_an_output_is_cut() -> None:
    assert output("a", "b") == "a\n----------ERROR-------\nb" and output("a" * MOST_CHARACTERS, "") == "a" * MOST_CHARACTERS
    cut = output("a" * MOST_CHARACTERS, "b")
    assert len(cut) == MOST_CHARACTERS and cut.endswith("--output truncated--")
