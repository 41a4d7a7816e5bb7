"""What AWS refuses and MiniStack lets pass: each file makes one thing as strict as AWS documents it."""

from types import ModuleType

from . import apis, choices, definitions, errors, events, executions, functions, history, limits, parameters, paths, tasks, variables, waits


def make_strict(states: ModuleType, bus: ModuleType, systems_manager: ModuleType, lambdas: ModuleType,
                gateway: ModuleType) -> None:
    """Of MiniStack's Step Functions, EventBridge, Systems Manager, Lambda and API Gateway."""
    paths.install(states)
    choices.install(states)
    errors.install(states)
    waits.install(states)
    variables.install(states)
    definitions.install(states)
    executions.install(states)
    told = history.install(states)
    limits.install(states)
    events.install(bus)
    tasks.install(states, bus, told)
    parameters.install(systems_manager)
    functions.install(lambdas)
    apis.install(gateway)
