"""The roles that Terraform has made: moto holds them, in a process of its own, and tells MiniStack's by a file."""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..fleet.instances import write_atomically

FILE = "roles.json"
IAM_SCOPE = "/iam/aws4_request"
Document = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """Who may take it, and what it may do: inline and attached policies alike."""

    name: str
    arn: str
    trust: Document
    policies: list[Document]


class Published:
    """A WSGI application in front of moto: who changes IAM is answered when the file says so too."""

    def __init__(self, app: Callable[..., Iterable[bytes]], folder: Path, backend: Any) -> None:
        self._app, self._file, self._backend = app, folder / FILE, backend
        self._lock = threading.Lock()

    def __call__(self, environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._app(environment, start)
        if IAM_SCOPE in environment.get("HTTP_AUTHORIZATION", ""):
            with self._lock:
                write_atomically(self._file, snapshot(self._backend))
        return answer


def snapshot(backend: Any) -> Document:
    """What moto's IAM of one account has, as plain data."""
    roles = [Role(role.name, role.arn, json.loads(role.assume_role_policy_document),
                  [json.loads(text) for text in (*role.policies.values(), *(in_force(p) for p in role.managed_policies.values()))])
             for role in list(backend.roles.values())]
    profiles = {profile.arn: profile.roles[0].name for profile in list(backend.instance_profiles.values()) if profile.roles}
    return {"roles": [asdict(role) for role in roles], "profiles": profiles}


def in_force(policy: Any) -> str:
    """The document of a managed policy's version that counts."""
    return next(version.document for version in policy.versions if version.is_default)


class Roles:
    """The file, read again when it has changed; `changed` is told all roles then."""

    def __init__(self, folder: Path, changed: Callable[[Iterable[Role]], None] = lambda _: None) -> None:
        self._file = folder / FILE
        self._changed = changed
        self._lock = threading.Lock()
        self._stamp = 0
        self._roles: dict[str, Role] = {}
        self._profiles: dict[str, str] = {}

    def named(self, name: str) -> Role | None:
        with self._lock:
            self._read()
            return self._roles.get(name)

    def of_arn(self, arn: str) -> Role | None:
        role = self.named(arn.rsplit("/", 1)[-1])
        return role if role is not None and role.arn == arn else None

    def of_profile(self, arn: str) -> Role | None:
        """The role of an instance profile."""
        with self._lock:
            self._read()
            return self._roles.get(self._profiles.get(arn, ""))

    def _read(self) -> None:
        if not self._file.exists() or (stamp := self._file.stat().st_mtime_ns) == self._stamp:
            return
        known = json.loads(self._file.read_text())
        self._stamp, self._profiles = stamp, known["profiles"]
        self._roles = {role["name"]: Role(**role) for role in known["roles"]}
        self._changed(self._roles.values())
