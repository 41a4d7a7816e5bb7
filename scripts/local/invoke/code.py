"""A function's code, laid out as Lambda does: from its zip, or a bootstrap as it lies there."""

import stat
import zipfile
from pathlib import Path

from ..contract import quotas

BOOTSTRAP = "bootstrap"
FOR_ALL = 0o555


class Refused(Exception):
    """Nothing that Lambda would take; the text says why, and what to do."""


def find(name: str, package: Path) -> Path:
    """The file that a name means: a path as it is, anything else a zip that scripts/package has made."""
    if "/" in name or name.endswith(".zip"):
        path = Path(name)
        if not path.is_file():
            raise Refused(f"there is no file {path}")
        return path
    path = package / "dist" / f"{name}.zip"
    if not path.is_file():
        made = ", ".join(sorted(zip_file.stem for zip_file in path.parent.glob("*.zip"))) or "none"
        raise Refused(f"there is no {path} (there are: {made}): scripts/package makes it; or give a zip's or a bootstrap's path")
    return path


def bootstrap(file: Path, folder: Path) -> Path:
    """The program to start. A zip is unpacked into the folder, which is the function's own."""
    if zipfile.is_zipfile(file):
        return _unpacked(file, folder)
    if not file.stat().st_mode & stat.S_IXUSR:
        raise Refused(f"{file} is neither a zip nor a program")
    return file.resolve()


def _unpacked(file: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > quotas.UNPACKED:
                raise Refused(f"{file} is larger than Lambda takes: {quotas.UNPACKED} bytes, unpacked")
            for entry in entries:
                path = Path(archive.extract(entry, folder))
                if not entry.is_dir():
                    path.chmod(stat.S_IMODE(entry.external_attr >> 16) or 0o644)
    except zipfile.BadZipFile as error:
        raise Refused(f"{file} can't be unpacked: {error}") from error
    path = folder / BOOTSTRAP
    if not path.is_file():
        raise Refused(f"{file} has no file `{BOOTSTRAP}` at its root, which Lambda starts")
    if path.stat().st_mode & FOR_ALL != FOR_ALL:
        raise Refused(f"`{BOOTSTRAP}` in {file} is not readable and executable for all, which Lambda wants (mode 0755)")
    return path
