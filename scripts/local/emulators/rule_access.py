"""A rule's targets let EventBridge in by their own policies, and Lambda writes to a destination in the function's name.

MiniStack does both without looking.
"""

import json
from types import ModuleType
from typing import Any

from .access import Judge
from .credentials import ACCOUNT, session_arn
from .ledger import Ledger
from .roles import Roles

EVENTS, REGION = "events.amazonaws.com", "us-east-1"
# What a target's policy has to allow, by its service.
ACTIONS = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}


class RuleAccess:
    """EventBridge's targets; an event that a target does not take goes to the target's dead-letter queue."""

    def __init__(self, roles: Roles, judge: Judge, ledger: Ledger) -> None:
        self._roles = roles
        self._judge = judge
        self._ledger = ledger

    def install(self, events: ModuleType, functions: ModuleType, sns: ModuleType, sqs: ModuleType, kms: ModuleType) -> None:
        self._policies = {"lambda": functions.function_policy_for_arn, "sns": sns.topic_policy_for_arn, "sqs": sqs.queue_policy_for_arn}
        self._topics, self._keys = sns, kms
        invoke, give_up = events._invoke_target, functions._route_async_failure

        def judged(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
            if self._lets_in(target["Arn"], rule["Arn"]):
                invoke(target, event, rule, view)
                return
            dead_letters = target.get("DeadLetterConfig", {}).get("Arn", "")
            if dead_letters and self._lets_in(dead_letters, rule["Arn"]):
                events._dispatch_to_sqs(events.parse_arn(dead_letters), json.dumps(events._pattern_event_view(event).event_with_detail()))

        def asynchronously(arn: str, payload: str) -> None:
            """As Lambda takes an event: a function that fails is asked twice more, then the destination hears of it."""
            function, config, _ = functions._get_func_record_for_ref(arn)
            functions.invoke_async_with_retry(functions._execution_record_for_config(function, config), json.loads(payload))

        def judged_give_up(destination: str, name: str, *rest: Any) -> None:
            role = self._roles.of_arn(functions._functions[name]["config"]["Role"])
            service = destination.split(":")[2]
            if role and self._judge.allows(role, session_arn(role.name, name), ACTIONS[service], destination, REGION):
                give_up(destination, name, *rest)

        events._invoke_target, events._dispatch_to_lambda = judged, asynchronously
        functions._route_async_failure = judged_give_up

    def _lets_in(self, target: str, rule: str) -> bool:
        service = target.split(":")[2]
        if service not in self._policies:
            self._ledger.refused(EVENTS, "?", target)
            return False
        context = {"aws:SourceArn": rule, "aws:SourceAccount": ACCOUNT}
        found = self._policies[service](target)
        if found is None or not self._judge.service_may(found[0], EVENTS, ACTIONS[service], target, context):
            return False
        return service != "sns" or self._can_encrypt(target)

    def _can_encrypt(self, topic: str) -> bool:
        """Who publishes to an encrypted topic uses its key; EventBridge does not say for which rule."""
        key = self._topics._topic_by_arn_any_scope(topic)["attributes"].get("KmsMasterKeyId", "")
        found = self._keys.key_policy_for_arn(key) if key else None
        return not key or (found is not None and all(
            self._judge.service_may(found[0], EVENTS, action, key, {}) for action in ("kms:GenerateDataKey", "kms:Decrypt")))
