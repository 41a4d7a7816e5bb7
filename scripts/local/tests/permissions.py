"""What the roles were given, beside what was used of it: the parts that the tests of permissions have in common."""

from collections.abc import Iterable

from local.emulators.ledger import Books, Grant

from .tables import aligned

AGENT = "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html"
LOGS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"
DELIVERY = "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html"
TRACES = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html"
# What AWS itself does in a role's name and the emulators don't: by the role's beginning, the action → where AWS says so.
OF_AWS = {
    "sdwan-lambda": {"logs:CreateLogStream": LOGS, "logs:PutLogEvents": LOGS},
    "sdwan-state-machine": {
        **{f"logs:{action}": DELIVERY for action in (
            "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy",
            "DescribeResourcePolicies", "DescribeLogGroups")},
    },
    "sdwan-host": {
        **{f"ssm:{action}": AGENT for action in ("UpdateInstanceInformation", "ListInstanceAssociations")},
        **{f"ssmmessages:{action}": AGENT for action in ("CreateControlChannel", "OpenControlChannel")},
        **{f"ec2messages:{action}": AGENT for action in (
            "AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply")},
    },
}
TRACING = {f"xray:{action}": TRACES for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")}


def source(grant: Grant) -> str | None:
    """Where AWS says that it uses this itself."""
    return next((known.get(grant.action) or TRACING.get(grant.action) for role, known in OF_AWS.items()
                 if grant.role.startswith(role)), None)


def unused(books: Books, roles: Iterable[str]) -> list[str]:
    """What these roles were given and nothing needs, in words."""
    return sorted(f"{grant.role} may {grant.action} on {grant.resource}, which nothing uses" for grant in books.superfluous()
                  if grant.role in roles and source(grant) is None)


def table(books: Books) -> str:
    """Role, action, resource, how often used, where from."""
    counts: dict[Grant, int] = {}
    for use, known in books.uses.items():
        for grant in use.grants:
            counts[grant] = counts.get(grant, 0) + known["count"]
    rows = [[*grant, str(counts.get(grant, 0)), "the run" if grant in counts else source(grant) or "nowhere"]
            for grant in sorted(books.granted | counts.keys())]
    return aligned([["role", "action", "resource", "used", "from"], *rows])
