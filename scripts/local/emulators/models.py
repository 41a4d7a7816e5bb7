"""What our functions and hosts ask the emulators, and are answered, is held against the services' models."""

import json
from types import ModuleType
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from ..contract import objects, services
from ..contract.shapes import Problem
from .credentials import Sessions, signer
from .ledger import Ledger
from .strict.tasks import text_of

XML = "<Error><Code>{}</Code><Message>{}</Message></Error>"
Answer = tuple[int, dict[str, str], bytes]


class Models:
    """Stands in front of a service's handler, for calls that are signed with a role's key; the operator's are not ours."""

    def __init__(self, sessions: Sessions, ledger: Ledger) -> None:
        self._sessions = sessions
        self._ledger = ledger

    def install(self, ssm: ModuleType, s3: ModuleType) -> None:
        ask_ssm, ask_s3 = ssm.handle_request, s3.handle_request

        async def checked_ssm(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:
            if self._sessions.role_of(signer(headers)) is None:
                return await ask_ssm(method, path, headers, body, query)
            operation = headers.get("x-amz-target", "").removeprefix("AmazonSSM.")
            if found := services.request_problems("ssm", operation, headers.get("content-type", ""), body):
                code, message = self._refused(operation, found)
                return 400, {"Content-Type": services.JSON["1.1"]}, json.dumps({"__type": code, "message": message}).encode()
            answer = await ask_ssm(method, path, headers, body, query)
            if answer[0] == 200:
                for problem in services.answer_problems("ssm", operation, json.loads(answer[2])):
                    self._ledger.broke(f"the emulator's answer to {operation}: {problem}")
            return answer

        async def checked_s3(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], *rest: Any,
                             **more: Any) -> Answer:
            if self._sessions.role_of(signer(headers)) is not None:
                found = list(objects.request_problems(method, path, urlencode(query, doseq=True), headers))
                if found:
                    code, message = self._refused(f"{method} of S3", found)
                    return 400, {"Content-Type": "application/xml"}, XML.format(code, escape(message)).encode()
            return await ask_s3(method, path, headers, body, query, *rest, **more)

        ssm.handle_request, s3.handle_request = checked_ssm, checked_s3

    def events(self, given: dict[str, Any]) -> str | None:
        """What is wrong with a state machine's PutEvents, whose integration makes text of a detail that is an object."""
        entries = [{**entry, "Detail": text_of(entry["Detail"])} if "Detail" in entry else entry
                   for entry in given.get("Entries", [])]
        found = services.value_problems("events", "PutEvents", {**given, "Entries": entries})
        return self._refused("PutEvents", found)[1] if found else None

    def _refused(self, operation: str, found: list[Problem]) -> tuple[str, str]:
        """The error's code and text; what is wrong is in the books then."""
        for problem in found:
            self._ledger.broke(f"{operation}: {problem}")
        return services.refusal(found)
