"""The check of what a bootstrap needs, and what scripts/package makes of it."""
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = ROOT / "scripts/lib/check-bootstrap"
PHASES = ("phase1", "phase2", "phase3")

PLAIN = "int main(void) { return 0; }"
# hypotf got a new version in glibc 2.35, one above what provided.al2023 has.
NEW_GLIBC = "#include <math.h>\nint main(int n, char **a) { return hypotf((float)n, 2.0f) > 9; }"


def compiled(folder: Path, name: str, source: str, *flags: str) -> Path:
    """An ELF file made from C."""
    code = folder / f"{name}.c"
    code.write_text(source)
    binary = folder / name
    subprocess.run(["cc", "-O0", "-o", binary, code, *flags], check=True)
    return binary


def with_foreign_library(folder: Path) -> Path:
    """A program that needs a shared library that no Lambda has."""
    compiled(folder, "libsdwanforeign.so", "int foreign(void) { return 0; }", "-shared", "-fPIC")
    source = "int foreign(void);\nint main(void) { return foreign(); }"
    return compiled(folder, "foreign", source, f"-L{folder}", "-lsdwanforeign")


def check(binary: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CHECK, binary], capture_output=True, text=True)


def test_a_plain_program_passes(tmp_path: Path) -> None:
    result = check(compiled(tmp_path, "plain", PLAIN))
    assert (result.returncode, result.stdout) == (0, "")


def test_a_newer_glibc_is_named(tmp_path: Path) -> None:
    result = check(compiled(tmp_path, "new", NEW_GLIBC, "-lm"))
    assert result.returncode == 1
    assert "GLIBC_2.35" in result.stdout and "hypotf" in result.stdout


def test_a_foreign_library_is_named(tmp_path: Path) -> None:
    result = check(with_foreign_library(tmp_path))
    assert result.returncode == 1
    assert "libsdwanforeign.so" in result.stdout


def test_what_is_no_program_is_an_error(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("#!/bin/sh\n")
    assert check(text).returncode == 1


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    """A `docker` that hands out the folder `built` instead of building: there is no engine on a test machine."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "docker"
    program.write_text(
        "#!/bin/bash\nset -eu\nprintf '%s\\n' \"$*\" >\"$BUILT/call\"\n"
        "for word in \"$@\"; do case $word in type=local,dest=*) mkdir -p \"${word#*dest=}\"; "
        "cp -r \"$BUILT\"/phase* \"${word#*dest=}\" ;; esac; done\n")
    program.chmod(0o755)
    return programs


def package(tmp_path: Path, docker: Path, binary: Path, *options: str) -> subprocess.CompletedProcess[str]:
    built = tmp_path / "built"
    built.mkdir()
    for phase in PHASES:
        (built / phase).mkdir()
        (built / phase / "bootstrap").write_bytes(binary.read_bytes())
        with zipfile.ZipFile(built / f"{phase}.zip", "w") as archive:
            archive.write(binary, "bootstrap")
    environment = os.environ | {"PATH": f"{docker}:{os.environ['PATH']}", "BUILT": str(built)}
    return subprocess.run([ROOT / "scripts/package", "--docker", "--output", tmp_path / "out", *options],
                          capture_output=True, text=True, env=environment)


def test_packages_for_deployment_are_checked_and_written(tmp_path: Path, docker: Path) -> None:
    result = package(tmp_path, docker, compiled(tmp_path, "plain", PLAIN), "--arch", "arm64")
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{phase}.zip" for phase in PHASES]
    call = (tmp_path / "built/call").read_text()
    assert "linux/arm64" in call and "Dockerfile.build" in call


def test_a_bootstrap_that_could_not_run_is_refused(tmp_path: Path, docker: Path) -> None:
    result = package(tmp_path, docker, compiled(tmp_path, "new", NEW_GLIBC, "-lm"))
    assert result.returncode != 0
    assert "phase1" in result.stderr and "GLIBC_2.35" in result.stderr
    assert not list((tmp_path / "out").glob("*.zip"))


def test_wrong_options_are_refused() -> None:
    for options in (["--arch", "mips"], ["--nonsense"]):
        assert subprocess.run([ROOT / "scripts/package", *options], capture_output=True).returncode != 0
