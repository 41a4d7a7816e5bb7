"""MiniStack with AUTH=true, where it is kinder than AWS: no key is root but the operator's, and a role's calls are
judged by the policies in moto, on every resource that they demand."""

from contextvars import ContextVar
from types import ModuleType
from typing import Any

from .access import TELLS, Judge
from .credentials import ACCOUNT, Sessions
from .demands import Tags, demands
from .ledger import listed
from .roles import Roles

S3_ANONYMOUS = "AccessDenied", "Access Denied"
# On what the present request is refused: MiniStack names the resource that it has looked at.
refused_on: ContextVar[str] = ContextVar("refused_on", default="")


class Enforcement:
    """Stands in for the evaluator's entrance and for what asks whether a role exists."""

    def __init__(self, roles: Roles, sessions: Sessions, judge: Judge, tags: Tags) -> None:
        self._roles = roles
        self._sessions = sessions
        self._judge = judge
        self._tags = tags

    def install(self, evaluator: ModuleType, actions: ModuleType) -> None:
        self._evaluator = evaluator
        self._enforce, respond = evaluator.enforce, actions.access_denied_response

        def named_response(*given: Any, **more: Any) -> Any:
            if resource := refused_on.get():
                more["resource_arn"] = resource
                refused_on.set("")
                if not more.get("message"):
                    more["message"] = actions.identity_denial_message(given[1], given[2], resource, False)
            return respond(*given, **more)

        evaluator.enforce = self.enforce
        evaluator.validate_role_arn = self.validate_role_arn
        # Otherwise an empty key, "test" and any account's number are root, and root's signature is not looked at.
        evaluator.is_root_access_key = evaluator._is_root_key = lambda _: False
        actions.access_denied_response = named_response

    def enforce(self, key: str, action: str, service: str, region: str, resource_arn: str = "*",
                service_context: dict[str, Any] | None = None) -> Any:
        """None where the request may be done; MiniStack answers what else comes back."""
        name = self._sessions.role_of(key)
        if name is None:
            if service == "s3" and not key:
                return self._evaluator.AuthError(*S3_ANONYMOUS)
            return self._enforce(key, action, service, region, resource_arn, service_context)
        request = self._evaluator._signed_request.get()
        checked = self._evaluator.authenticate(key, ACCOUNT)
        if isinstance(checked, self._evaluator.AuthError):
            return checked
        # A second check of one request finds it verified; what was never verified is signed in a way that nothing of ours uses.
        if checked is None and self._evaluator._verified_key.get() != key:
            return self._evaluator.AuthError("MissingAuthenticationToken", "Request is missing Authentication Token")
        role, who = self._roles.named(name), self._sessions.arn_of(key)
        for resource, context in demands(action, request.body if request else b"", region, resource_arn, self._tags):
            if role is None or not self._judge.allows(role, who, action, resource, region, {**(service_context or {}), **context}):
                refused_on.set(resource)
                return self._evaluator.EvalResult("ImplicitDeny", who)
        return None

    def validate_role_arn(self, arn: str) -> str | None:
        """What is wrong with a role that a function or a machine is to get."""
        role = self._roles.of_arn(arn)
        if role is None:
            return f"The role {arn} cannot be found."
        if not any(self._judge.may_take(role, service, arn_of_any(service, role.trust)) for service in TELLS):
            return f"The role {arn} can't be assumed: its trust policy lets no service in."
        return None


def arn_of_any(service: str, trust: Any) -> str:
    """A source that a trust policy lets in, if it asks for one of a machine: which machine it is, is asked when it takes the role."""
    asked = [arn for statement in listed(trust["Statement"]) for condition in statement.get("Condition", {}).values()
             for key, arns in condition.items() if key.lower() == "aws:sourcearn" for arn in listed(arns)]
    machines = [arn for arn in asked if arn.startswith(f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:")]
    return machines[0].replace("*", "") if machines and service == "states.amazonaws.com" else ""
