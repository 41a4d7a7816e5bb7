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
    """A `docker` that hands out the folder `built` instead of building: there is no engine on a test machine. It keeps
    its words in `call` and what it was given to build from in `context`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "docker"
    program.write_text(
        "#!/bin/bash\nset -eu\nprintf '%s\\n' \"$@\" >\"$FOLDER/call\"\ncp -r \"${@: -1}\" \"$FOLDER/context\"\n"
        "for word in \"$@\"; do case $word in type=local,dest=*) mkdir -p \"${word#*dest=}\"; "
        "cp -r \"$FOLDER/built/\"* \"${word#*dest=}\" ;; esac; done\n")
    program.chmod(0o755)
    return programs


def package(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "scripts/package", *words], capture_output=True, text=True, env=os.environ | environment)


def package_in_docker(tmp_path: Path, docker: Path, binary: Path, *words: str | Path,
                      names: tuple[str, ...] = PHASES) -> subprocess.CompletedProcess[str]:
    for name in names:
        (tmp_path / "built" / name).mkdir(parents=True)
        (tmp_path / "built" / name / "bootstrap").write_bytes(binary.read_bytes())
        with zipfile.ZipFile(tmp_path / "built" / f"{name}.zip", "w") as archive:
            archive.write(binary, "bootstrap")
    return package("--docker", *words, PATH=f"{docker}:{os.environ['PATH']}", FOLDER=str(tmp_path))


def test_packages_for_deployment_are_checked_and_written(tmp_path: Path, docker: Path) -> None:
    plain = compiled(tmp_path, "plain", PLAIN)
    result = package_in_docker(tmp_path, docker, plain, "--arch", "arm64", "--output", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{phase}.zip" for phase in PHASES]
    call = (tmp_path / "call").read_text().splitlines()
    assert "linux/arm64" in call and str(ROOT / "Dockerfile.build") in call and "NAMES=" in call


def test_a_bootstrap_that_could_not_run_is_refused(tmp_path: Path, docker: Path) -> None:
    new = compiled(tmp_path, "new", NEW_GLIBC, "-lm")
    result = package_in_docker(tmp_path, docker, new, "--output", tmp_path / "out")
    assert result.returncode != 0
    assert "phase1" in result.stderr and "GLIBC_2.35" in result.stderr
    assert not list((tmp_path / "out").glob("*.zip"))


def test_docker_finds_the_project_and_the_package_where_they_are_here(tmp_path: Path, docker: Path, stranger: Path) -> None:
    """Whatever path the package's manifest has for its dependency is right in there too; what was made here stays here."""
    for made in (".build/debug/one", ".git/HEAD", "dist/one.zip", "infrastructure/.terraform/provider"):
        (stranger / made).parent.mkdir(parents=True, exist_ok=True)
        (stranger / made).write_text("")
    (stranger / "Sources/one/dist").mkdir()
    (stranger / "Sources/one/dist/data").write_text("")
    plain = compiled(tmp_path, "plain", PLAIN)
    result = package_in_docker(tmp_path, docker, plain, "--package-path", stranger, "one", "two", names=("one", "two"))
    assert result.returncode == 0, result.stderr
    assert (stranger / "dist/two.zip").is_file()
    call = (tmp_path / "call").read_text().splitlines()
    assert {f"PROJECT={ROOT}", f"PACKAGE={stranger}", "NAMES=one two"} <= set(call)
    there = {str(path.relative_to(tmp_path / "context/root")) for path in (tmp_path / "context/root").rglob("*") if path.is_file()}
    files = {file.removeprefix(str(stranger).strip("/") + "/") for file in there if file.startswith(str(stranger).strip("/"))}
    assert files == {"Package.swift", "Sources/library/Library.swift", "Sources/one/main.swift", "Sources/two/main.swift",
                     "Sources/one/dist/data"}
    project = str(ROOT).strip("/")
    assert {f"{project}/Package.swift", f"{project}/scripts/lib/build-bootstraps"} <= there
    assert (tmp_path / "context/lib/static-libcurl").is_file()


@pytest.mark.parametrize("words", [
    ["--arch", "mips"], ["--nonsense"], ["--docker", "--arch", "mips"], ["--package-path", "/dev"], ["a b"], ["$(id)"], ["-x"]])
def test_wrong_words_are_refused(words: list[str]) -> None:
    result = package(*words)
    assert result.returncode != 0 and ("usage:" in result.stderr or "error:" in result.stderr)


def test_an_architecture_is_for_docker() -> None:
    assert "--docker" in package("--arch", "arm64").stderr


MANIFEST = """// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "stranger", targets: [.executableTarget(name: "one"), .executableTarget(name: "two"), .target(name: "library")])
"""


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A package of somebody else's, in a folder whose name has a space, with two executables."""
    folder = tmp_path / "some where"
    for name in ("one", "two"):
        (folder / "Sources" / name).mkdir(parents=True)
        (folder / "Sources" / name / "main.swift").write_text(f'print("this is {name}")\n')
    (folder / "Sources/library").mkdir()
    (folder / "Sources/library/Library.swift").write_text("public let number = 1\n")
    (folder / "Package.swift").write_text(MANIFEST)
    return folder


def made(zip_file: Path, folder: Path) -> str:
    """What the bootstrap in a zip prints."""
    with zipfile.ZipFile(zip_file) as archive:
        assert archive.namelist() == ["bootstrap"]
        bootstrap = Path(archive.extract("bootstrap", folder))
    bootstrap.chmod(0o755)
    return subprocess.run([bootstrap], capture_output=True, text=True, check=True).stdout


def test_any_executable_of_any_package(tmp_path: Path, stranger: Path) -> None:
    """One by its name, then all of them; a library is none."""
    assert package("--package-path", stranger, "two").returncode == 0
    assert [path.name for path in (stranger / "dist").iterdir()] == ["two.zip"]
    first = (stranger / "dist/two.zip").read_bytes()
    assert made(stranger / "dist/two.zip", tmp_path / "two") == "this is two\n"
    result = package("--package-path", stranger)
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in (stranger / "dist").iterdir()) == ["one.zip", "two.zip"]
    assert made(stranger / "dist/one.zip", tmp_path / "one") == "this is one\n"
    assert (stranger / "dist/two.zip").read_bytes() == first


def test_a_name_that_there_is_not(stranger: Path) -> None:
    for name in ("three", "library", "on"):
        result = package("--package-path", stranger, "one", name)
        assert result.returncode != 0
        assert f'no executable "{name}"; there are: one two' in result.stderr
    assert not (stranger / "dist").exists()


def test_a_package_that_does_not_build_says_so(stranger: Path) -> None:
    (stranger / "Sources/two/main.swift").write_text('let number: Int = "two"\n')
    result = package("--package-path", stranger)
    assert result.returncode != 0
    assert f"two of {stranger} does not build" in result.stderr and "cannot convert" in result.stderr
    assert not (stranger / "dist").exists()


def test_an_import_that_is_not_named_is_refused(stranger: Path) -> None:
    """It would build, and not be built anew when the module changes."""
    manifest = stranger / "Package.swift"
    manifest.write_text(manifest.read_text().replace(
        '.executableTarget(name: "one")', '.target(name: "between", dependencies: ["library"]), '
        '.executableTarget(name: "one", dependencies: ["between"])'))
    (stranger / "Sources/between").mkdir()
    (stranger / "Sources/between/Between.swift").write_text("import library\npublic let twice = number * 2\n")
    (stranger / "Sources/one/main.swift").write_text("import between\n@preconcurrency import library\nprint(number + twice)\n")
    result = package("--package-path", stranger)
    assert result.returncode != 0 and not (stranger / "dist").exists()
    assert "one imports library, which its dependencies in Package.swift do not name" in result.stderr
    manifest.write_text(manifest.read_text().replace('["between"]', '["between", "library"]'))
    assert package("--package-path", stranger, "one").returncode == 0


def test_a_manifest_that_is_none_says_so(stranger: Path) -> None:
    (stranger / "Package.swift").write_text("nonsense(\n")
    result = package("--package-path", stranger)
    assert result.returncode != 0
    assert "can't be read as a Swift package" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("name", [*PHASES, "recovery", "upgrade", "files"])
def test_a_bootstrap_holds_what_it_uses(name: str) -> None:
    """Foundation and the standard library's regular expressions are half of a package, and nothing here needs them. A function
    of theirs comes in unseen: Groundwork has its own `contains`, `firstRange` and `ranges` of texts."""
    with zipfile.ZipFile(ROOT / f"dist/{name}.zip") as package:
        program = package.read("bootstrap")
    for module in (b"FoundationEssentials", b"_FoundationCollections", b"_RegexParser", b"_StringProcessing"):
        assert module not in program, module
