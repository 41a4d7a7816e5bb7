"""What a state machine does is judged by its role's policies; MiniStack does it without looking."""

from collections.abc import Callable
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from .access import Judge
from .credentials import ACCOUNT, session_arn
from .roles import Roles

STATES = "states.amazonaws.com"
REGION = "us-east-1"
EVENTS_ERROR = "EventBridge.EventBridgeException"
# The execution that the present thread works for.
execution: ContextVar[dict[str, Any]] = ContextVar("execution")


class MachineAccess:
    """A machine's Tasks and Maps, each judged before it is done."""

    def __init__(self, roles: Roles, judge: Judge, wrong_events: Callable[[dict[str, Any]], str | None]) -> None:
        self._roles = roles
        self._judge = judge
        self._wrong_events = wrong_events

    def install(self, states: ModuleType) -> None:
        self._states = states
        run, invoke, call_back, spread = (states._run_execution, states._invoke_resource, states._invoke_with_callback,
                                          states._run_distributed_map)

        def known_run(arn: str) -> None:
            execution.set(states._executions.get(arn) or {})
            run(arn)

        def judged_invoke(resource: str, given: Any) -> Any:
            self._demand(resource, given)
            return invoke(resource, given)

        def judged_call_back(resource: str, given: Any, *rest: Any) -> Any:
            self._demand(resource, given)
            return call_back(resource, given, *rest)

        def judged_spread(*given: Any) -> Any:
            self._judged("States.Runtime", "states:StartExecution", execution.get()["stateMachineArn"])
            return spread(*given)

        states._run_execution, states._invoke_resource = known_run, judged_invoke
        states._invoke_with_callback, states._run_distributed_map = judged_call_back, judged_spread

    def _demand(self, resource: str, given: Any) -> None:
        """Raises the error that AWS's integration ends the Task with."""
        plain = resource.removesuffix(".waitForTaskToken")
        if plain.endswith(":::lambda:invoke"):
            self._judged("Lambda.AWSLambdaException", "lambda:InvokeFunction", given["FunctionName"])
        elif ":lambda:" in plain:
            self._judged("Lambda.AWSLambdaException", "lambda:InvokeFunction", plain)
        elif plain.endswith(":::events:putEvents"):
            for bus in {entry.get("EventBusName", "default") for entry in given["Entries"]}:
                self._judged(EVENTS_ERROR, "events:PutEvents", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{bus}")
            if wrong := self._wrong_events(given):
                raise self._states._ExecutionError(EVENTS_ERROR, wrong)
        elif plain.endswith(":::dynamodb:putItem"):
            self._judged("DynamoDB.AmazonDynamoDBException", "dynamodb:PutItem",
                         f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{given['TableName']}")
        else:
            raise self._states._ExecutionError("States.Runtime", f"{resource}: the local run does not know what that demands of the role")

    def _judged(self, error: str, action: str, resource: str) -> None:
        machine = self._states._state_machines[execution.get()["stateMachineArn"]]
        role = self._roles.of_arn(machine["roleArn"])
        who = session_arn(machine["roleArn"].rsplit("/", 1)[-1], execution.get()["name"])
        if role is None or not self._judge.may_take(role, STATES, machine["stateMachineArn"]):
            raise self._states._ExecutionError(error, f"Neither the global service principal {STATES}, nor the regional one is "
                                                      f"authorized to assume the provided role {machine['roleArn']}")
        if not self._judge.allows(role, who, action, resource, REGION):
            raise self._states._ExecutionError(error, denial(who, action, resource))


def denial(who: str, action: str, resource: str) -> str:
    return (f"User: {who} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action")
