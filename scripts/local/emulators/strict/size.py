"""How large a value is for AWS."""

import json
from typing import Any


def size(value: Any) -> int:
    """Bytes of a value's JSON, without white space."""
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def shown(value: Any, characters: int = 1000) -> str:
    """A value's JSON for a message."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text if len(text) <= characters else text[:characters] + "…"
