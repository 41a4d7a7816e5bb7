"""lxc image: import, info, alias, delete, list."""

import hashlib
import shutil
import tarfile
from pathlib import Path
from typing import Any

import lxd_state
from lxd_state import Problem


def find(lxd: dict[str, Any], name: str) -> str | None:
    """The fingerprint of an image by alias or by the beginning of its fingerprint."""
    for fingerprint, image in lxd["images"].items():
        if name in image["aliases"] or fingerprint.startswith(name):
            return fingerprint
    return None


def file_of(fingerprint: str) -> Path:
    return lxd_state.HOME / "images" / fingerprint


def main(arguments: list[str]) -> int:
    words, options = lxd_state.split_options(arguments, ("--alias",))
    lxd = lxd_state.load()
    if words[:1] == ["import"] and len(words) == 2:
        fingerprint = _import(lxd, Path(words[1]), options.get("--alias", []))
        print(f"Image imported with fingerprint: {fingerprint}")
    elif words[:1] in (["info"], ["delete"]) and len(words) == 2:
        found = find(lxd, words[1])
        if found is None:
            raise Problem("Image not found")
        if words[0] == "info":
            print(f"Fingerprint: {found}\nArchitecture: x86_64\nAliases:")
            print("\n".join(f"    - {alias}" for alias in lxd["images"][found]["aliases"]))
        else:
            del lxd["images"][found]
            file_of(found).unlink()
    elif words[:1] == ["alias"]:
        _alias(lxd, words[1:])
    elif words == ["list"]:
        for fingerprint, image in lxd["images"].items():
            print(",".join([*image["aliases"], fingerprint[:12]]))
    else:
        raise Problem("Invalid number of arguments")
    lxd_state.save(lxd)
    return 0


def _alias(lxd: dict[str, Any], words: list[str]) -> None:
    """`create ALIAS IMAGE`, `delete ALIAS`"""
    owner = next((image for image in lxd["images"].values() if words[1:2] and words[1] in image["aliases"]), None)
    if words[:1] == ["create"] and len(words) == 3:
        found = find(lxd, words[2])
        if owner is not None:
            raise Problem(f'Alias "{words[1]}" already exists')
        if found is None:
            raise Problem("Image not found")
        lxd["images"][found]["aliases"].append(words[1])
    elif words[:1] == ["delete"] and len(words) == 2:
        if owner is None:
            raise Problem("Image alias not found")
        owner["aliases"].remove(words[1])
    else:
        raise Problem("Invalid number of arguments")


def _import(lxd: dict[str, Any], source: Path, aliases: list[str]) -> str:
    if not source.exists():
        raise Problem(f"stat {source}: no such file or directory")
    try:
        with tarfile.open(source) as tar:
            names = tar.getnames()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Problem(f"Failed to read image: {error}") from error
    if "metadata.yaml" not in names:
        raise Problem("Metadata tarball is missing metadata.yaml")
    for alias in aliases:
        if any(alias in image["aliases"] for image in lxd["images"].values()):
            raise Problem(f"Image alias already exists: {alias}")
    fingerprint = hashlib.sha256(source.read_bytes()).hexdigest()
    if fingerprint in lxd["images"]:
        raise Problem("Image with same fingerprint already exists")
    file_of(fingerprint).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, file_of(fingerprint))
    lxd["images"][fingerprint] = {"aliases": aliases}
    return fingerprint
