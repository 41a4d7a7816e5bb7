"""Files that other processes read while they are written."""

import json
import os
import threading
from pathlib import Path


def write_atomically(path: Path, data: object) -> None:
    """A reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_text(json.dumps(data, indent=1, sort_keys=True))
    draft.replace(path)
