"""IAM's limits for policies, in moto: what is written into a role, a user or a group counts together, without white space.

"Maximum policy size of 10240 bytes exceeded for role …" (IAM and STS quotas).
"""

import inspect
import re
from typing import Any

from moto.iam.exceptions import LimitExceededException
from moto.iam.models import IAMBackend

INLINE = {"role": 10_240, "user": 2_048, "group": 5_120}
MANAGED, TRUST = 6_144, 2_048
# Operation, the name of its document, its limit, and the quota's name.
DOCUMENTS = (("create_policy", "policy_document", MANAGED, "PolicySize"),
             ("create_policy_version", "policy_document", MANAGED, "PolicySize"),
             ("create_role", "assume_role_policy_document", TRUST, "ACLSizePerRole"),
             ("update_assume_role_policy", "policy_document", TRUST, "ACLSizePerRole"))


def install() -> None:
    """In moto's IAM."""
    for kind, limit in INLINE.items():
        setattr(IAMBackend, f"put_{kind}_policy", _limited(kind, limit))
    for operation, argument, limit, quota in DOCUMENTS:
        setattr(IAMBackend, operation, _sized(getattr(IAMBackend, operation), argument, limit, quota))


def length(document: str) -> int:
    """Characters of a policy as IAM counts them."""
    return len(re.sub(r"\s", "", document))


def _limited(kind: str, limit: int) -> Any:
    put = getattr(IAMBackend, f"put_{kind}_policy")

    def limited(self: Any, name: str, policy_name: str, document: str) -> Any:
        holder = getattr(self, f"get_{kind}")(name)
        others = [text for known, text in holder.policies.items() if known != policy_name]
        if sum(map(length, [*others, document])) > limit:
            raise LimitExceededException(f"Maximum policy size of {limit} bytes exceeded for {kind} {name}")
        return put(self, name, policy_name, document)
    return limited


def _sized(operation: Any, argument: str, limit: int, quota: str) -> Any:
    signature = inspect.signature(operation)

    def sized(*given: Any, **named: Any) -> Any:
        if length(signature.bind(*given, **named).arguments[argument]) > limit:
            raise LimitExceededException(f"Cannot exceed quota for {quota}: {limit}")
        return operation(*given, **named)
    return sized
