"""Puts the stand-in of Amazon EKS into MiniStack's process, in the place of its own, which knows no updates."""

import asyncio
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from ...emulators.installation import Access
from ...emulators.interference import Interference
from . import plan
from .eks import Eks

WORLD, CALLS = "eks.json", "eks-calls.jsonl"


def install(app: ModuleType, folder: Path, settings: dict[str, Any], access: Access, _: Interference) -> None:
    """Which clusters there are, the run has written into its folder."""
    given = json.loads((folder / WORLD).read_text())
    service = Eks(time.time, plan.SPEED)
    service.add(*plan.clusters(given["fault"], given["subnets"]))
    told = 0

    def answer(method: str, path: str, query: dict[str, Any], body: bytes) -> tuple[int, dict[str, str], bytes]:
        nonlocal told
        flat = {name: value[0] if isinstance(value, list) else value for name, value in query.items()}
        status, headers, said = service.answer(method, path, flat, body)
        for violation in service.violations[told:]:
            access.broke(violation)
        told = len(service.violations)
        if method != "GET" and service.calls:
            operation, asked = service.calls[-1]
            with (folder / CALLS).open("a") as calls:
                calls.write(json.dumps({"operation": operation, "status": status, "input": asked}) + "\n")
        return status, headers, said

    async def handle(method: str, path: str, _: dict[str, str], body: bytes, query: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        return await asyncio.to_thread(answer, method, path, query, body)

    app.SERVICE_HANDLERS["eks"] = handle
