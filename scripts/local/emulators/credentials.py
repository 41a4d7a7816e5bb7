"""The keys of a run: who calls the emulators is told by them, and by nothing else."""

import re
import secrets
import string
import threading
from dataclasses import dataclass
from types import ModuleType

# AWS's own examples have this account, and moto.
ACCOUNT = "123456789012"
OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/operator"
LETTERS = string.ascii_uppercase + "234567"
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/")


@dataclass(frozen=True)
class Key:
    """An access key; one that a service hands out for a role has a token."""

    id: str
    secret: str
    token: str | None = None

    @classmethod
    def random(cls, prefix: str, token: str | None = None) -> "Key":
        return cls(prefix + "".join(secrets.choice(LETTERS) for _ in range(16)), secrets.token_urlsafe(30), token)

    def environment(self) -> dict[str, str]:
        """As AWS's SDKs read it."""
        given = {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return given | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


def operators_key() -> Key:
    """Terraform's and the tests': it may do everything, in this one run."""
    return Key.random("AKIA")


def signer(headers: dict[str, str]) -> str:
    """The id of the key that a request says it is signed with; empty without a signature."""
    found = CREDENTIAL.search(headers.get("authorization", ""))
    return found[1] if found else ""


def session_arn(role: str, session: str) -> str:
    """Whom AWS names where somebody works in a role's name."""
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"


def region_of(headers: dict[str, str]) -> str:
    """For which region a request is signed; empty without a signature."""
    found = CREDENTIAL.search(headers.get("authorization", ""))
    return found[2] if found else ""


class Sessions:
    """Roles that were taken, in MiniStack's STS: whose key a request is signed with, and for what it was handed out."""

    def __init__(self, sts: ModuleType) -> None:
        self._sts = sts
        self._lock = threading.Lock()
        self._roles: dict[str, str] = {}

    def let_operator_in(self, key: Key) -> None:
        self._sts.register_session(key.id, {"Arn": OPERATOR, "UserId": "operator", "SecretAccessKey": key.secret,
                                            "SessionToken": None, "PrincipalType": "Root"})

    def take(self, role: str, session: str) -> Key:
        """A key of its own for one who works in a role's name."""
        key = Key.random("ASIA", secrets.token_urlsafe(60))
        self._sts.register_session(key.id, {
            "Arn": session_arn(role, session[:64]), "UserId": f"AROA{role}:{session[:64]}",
            "SecretAccessKey": key.secret, "SessionToken": key.token})
        with self._lock:
            self._roles[key.id] = role
        return key

    def role_of(self, key_id: str) -> str | None:
        """The role that a key was handed out for."""
        with self._lock:
            return self._roles.get(key_id)

    def arn_of(self, key_id: str) -> str:
        return str(self._sts._sessions[key_id]["Arn"])
