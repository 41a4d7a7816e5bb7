"""Whether a role may do what is done in its name: by the policies that Terraform made, and by nothing else."""

from types import ModuleType
from typing import Any

from .credentials import ACCOUNT
from .ledger import Grant, Ledger, Use, listed
from .roles import Role

Context = dict[str, Any]
# What a service says of itself when it takes a role, and so what its trust policy can ask for.
# EC2's credentials are for an instance's profile and carry no source.
TELLS = {"lambda.amazonaws.com": ("aws:sourceaccount",), "states.amazonaws.com": ("aws:sourceaccount", "aws:sourcearn"),
         "ec2.amazonaws.com": ()}
# Beyond these nothing is used here, and an operator that is not understood must not be passed over.
OPERATORS = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "bool"})


class NotUnderstood(Exception):
    """A policy has what this judge does not know; the text names it."""


class Judge:
    """Asks MiniStack's evaluator, and keeps books."""

    def __init__(self, evaluator: ModuleType, ledger: Ledger) -> None:
        self._evaluator = evaluator
        self._ledger = ledger

    def allows(self, role: Role, who: str, action: str, resource: str, region: str, context: Context | None = None) -> bool:
        """Whether the role's policies allow one action on one resource; `who` is the session's ARN."""
        grants = self.grants(role, who, action, resource, region, context)
        if not grants:
            self._ledger.refused(who, action, resource)
            return False
        self._ledger.used(Use(role.name, action, grants), resource)
        return True

    def grants(self, role: Role, who: str, action: str, resource: str, region: str, context: Context | None = None) -> frozenset[Grant]:
        """What of the role's policies allows it, with nothing noted; nothing where one denies it."""
        case = self._case(who, action, resource, region, context or {})
        statements = [s for policy in role.policies for s in listed(policy["Statement"])]
        if any(s["Effect"] == "Deny" and self._meets(s, case) for s in statements):
            return frozenset()
        return frozenset(Grant(role.name, allowed, on) for s in statements if s["Effect"] == "Allow"
                         for allowed in listed(s["Action"]) for on in listed(s["Resource"])
                         if self._meets({**s, "Action": allowed, "Resource": on}, case))

    def may_take(self, role: Role, service: str, source: str = "") -> bool:
        """Whether a service may take a role for a resource (`source`, its ARN) of this account."""
        told = {"aws:sourceaccount": ACCOUNT, "aws:sourcearn": source}
        context = {key: told[key] for key in TELLS[service]}
        case = self._case(service, "sts:AssumeRole", role.arn, "us-east-1", context)
        return any(s["Effect"] == "Allow" and service in listed(s["Principal"].get("Service", [])) and self._meets(
            {**s, "Resource": "*"}, case) for s in listed(role.trust["Statement"]))

    def service_may(self, policy: Any, service: str, action: str, resource: str, context: Context) -> bool:
        """Whether a resource's own policy lets an AWS service in."""
        case = self._case("*", action, resource, "us-east-1", context)
        if self._evaluator.evaluate_resource_policy(policy, case, service=service).decision == "Allow":
            self._ledger.used(Use(service, action, frozenset({Grant(service, action, resource)})), resource)
            return True
        self._ledger.refused(service, action, resource)
        return False

    def _case(self, who: str, action: str, resource: str, region: str, context: Context) -> Any:
        return self._evaluator.EvalContext(
            principal_arn=who, principal_type="AssumedRole", principal_account=ACCOUNT, action=action, resource_arn=resource,
            region=region, service_context={key.lower(): value for key, value in context.items()})

    def _meets(self, statement: dict[str, Any], case: Any) -> bool:
        for operator in statement.get("Condition", {}):
            if operator.lower() not in OPERATORS:
                raise NotUnderstood(f"the condition operator {operator} in {statement}: add it to OPERATORS with a test of what it means")
        parsed = self._evaluator.parse_policy_document({"Statement": statement})
        return self._evaluator._first_match(case, parsed, statement["Effect"]) is not None
