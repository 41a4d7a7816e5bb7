"""What a call demands of its caller's policies, where MiniStack looks at less than AWS does.

From the service authorization reference's pages on Systems Manager and Elastic Disaster Recovery:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticdisasterrecovery.html
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from .credentials import ACCOUNT

# The tags of an instance, by region and id; one that is not known has none.
Tags = Callable[[str, str], dict[str, str]]
Demand = tuple[str, dict[str, Any]]


def demands(action: str, body: bytes, region: str, resource: str, tags: Tags) -> Iterator[Demand]:
    """Every resource that the action must be allowed on, with what conditions may ask of it.

    `resource` is what MiniStack has found, for all other calls.
    """
    if action == "ssm:SendCommand":
        asked = json.loads(body)
        # AWS's own documents belong to no account.
        yield f"arn:aws:ssm:{region}::document/{asked['DocumentName']}", {}
        for instance in asked.get("InstanceIds", []):
            known = tags(region, instance)
            context = {f"{prefix}:resourcetag/{key}": value for prefix in ("ssm", "aws") for key, value in known.items()}
            yield f"arn:aws:ec2:{region}:{ACCOUNT}:instance/{instance}", context
    elif action == "ssm:GetParametersByPath":
        # What is below a path is given to who may read the path: both are demanded.
        path = json.loads(body)["Path"].strip("/")
        yield f"arn:aws:ssm:{region}:{ACCOUNT}:parameter/{path}", {}
        yield f"arn:aws:ssm:{region}:{ACCOUNT}:parameter/{path}/", {}
    elif action == "ssm:DescribeDocument":
        yield f"arn:aws:ssm:{region}::document/{json.loads(body)['Name']}", {}
    elif action == "drs:StartRecovery":
        for server in json.loads(body)["sourceServers"]:
            yield f"arn:aws:drs:{region}:{ACCOUNT}:source-server/{server['sourceServerID']}", {}
    elif action == "drs:TerminateRecoveryInstances":
        for instance in json.loads(body)["recoveryInstanceIDs"]:
            yield f"arn:aws:drs:{region}:{ACCOUNT}:recovery-instance/{instance}", {}
    else:
        yield resource, {}
