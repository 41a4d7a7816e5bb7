"""The functions' keys: each process of a function gets one of its own, for its function's role, as on AWS."""

from types import ModuleType
from typing import Any

from .access import Judge
from .credentials import Sessions
from .roles import Roles

SERVICE = "lambda.amazonaws.com"


class Workers:
    """Hands out keys, and knows whose they are."""

    def __init__(self, roles: Roles, sessions: Sessions, judge: Judge) -> None:
        self._roles = roles
        self._sessions = sessions
        self._judge = judge
        self._ports: dict[str, int] = {}

    def install(self, lambda_svc: ModuleType) -> None:
        environment = lambda_svc._provided_worker_env

        def in_its_roles_name(config: dict[str, Any], code_dir: str, port: int) -> dict[str, str]:
            role = self._roles.of_arn(config["Role"])
            if role is None or not self._judge.may_take(role, SERVICE):
                raise RuntimeError(f"The role {config['Role']} of {config['FunctionName']} cannot be assumed by Lambda.")
            key = self._sessions.take(role.name, config["FunctionName"])
            self._ports[key.id] = port
            # Lambda tells a custom runtime what the function's handler is, MiniStack does not.
            return {**environment(config, code_dir, port), "_HANDLER": config.get("Handler", ""), **key.environment()}

        lambda_svc._provided_worker_env = in_its_roles_name

    def port_of(self, key_id: str) -> int | None:
        """The port of the Runtime API of the process that a key was handed to."""
        return self._ports.get(key_id)
