"""Listens to EventBridge through a queue, as an operator's program may do it."""

import json
from typing import Any


def admitting(queue: str, service: str, source: str) -> str:
    """The policy of a queue for what a service brings from a rule or a topic: by itself a queue takes nothing from it."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sqs:SendMessage", "Principal": {"Service": f"{service}.amazonaws.com"}, "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}}}]})


class Subscription:
    """A rule on the default bus, and the queue in which its events wait; from its making on none is missed."""

    def __init__(self, queue: Any, events: Any, name: str, pattern: dict[str, list[str]]) -> None:
        self._queue = queue
        self._url = queue.create_queue(QueueName=name)["QueueUrl"]
        arn = queue.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rule = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
        queue.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": admitting(arn, "events", rule)})
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def take(self) -> list[dict[str, Any]]:
        """The events since the last time, in their order."""
        taken: list[dict[str, Any]] = []
        while messages := self._queue.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                self._queue.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
            taken += [json.loads(message["Body"]) for message in messages]
        return taken
