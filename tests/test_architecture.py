import ast
import importlib.util
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("connectors", "assistant", "tools", "knowledge", "prompts")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
MODULES = [file for file in SOURCES if file.read_text("utf-8").strip()]  # without empty __init__

MAX_LINES = 400
MAX_MEDIAN_LINES = 130
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home/\w+|Users/\w+)/")
REGISTRY_HOST = re.compile(
    r"\bpypi\.org|pythonhosted\.org|registry\.(?:npmjs|yarnpkg)|artifactory|"
    r"--(?:extra-)?index-url[ =]|--find-links|--trusted-host",
    re.IGNORECASE,
)

IMPORT_EVERYTHING = """
import importlib, os, sys

DENIED = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir",
          "sqlite3.connect"}

def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (
        os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if event in DENIED or (writes and str(arguments[0]) != os.devnull):
        sys.stderr.write(f"{module}: {event} {arguments}\\n")
        sys.stderr.flush()
        os._exit(1)

module = ""
sys.addaudithook(watch)
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def relative(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


@pytest.fixture(scope="session")
def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is not a clone")
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)  # noqa: S607
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_imports_go_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    # In this process it would switch off the loggers that other tests listen to.
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_modules_are_small() -> None:
    sizes = {
        file: len(file.read_text("utf-8").splitlines())
        for file in MODULES
        if file.parent.name != "versions"  # migrations are history, not code to work on
    }

    assert relative([file for file, size in sizes.items() if size > MAX_LINES]) == []
    assert statistics.median(sizes.values()) <= MAX_MEDIAN_LINES


def test_modules_say_their_job_in_their_first_line() -> None:
    def says(file: Path) -> bool:
        text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        return text.partition("\n")[0].endswith(".")

    assert relative([file for file in MODULES if not says(file)]) == []


def test_no_file_is_a_drawer_for_everything() -> None:
    assert relative([file for file in SOURCES if file.stem in VAGUE_NAMES]) == []


def test_only_settings_read_the_environment() -> None:
    def reads(file: Path) -> bool:
        names = {"environ", "environb", "getenv", "getenvb"}
        return any(
            (isinstance(node, ast.Attribute) and node.attr in names)
            or (isinstance(node, ast.alias) and node.name in names)
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
        )

    settings = ROOT / "connectors" / "settings.py"
    assert relative([file for file in MODULES if file != settings and reads(file)]) == []


def test_importing_does_nothing(tmp_path: Path) -> None:
    names = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in SOURCES
        if file.name != "__main__.py" and "migrations" not in file.parts
    ]
    tmp_path.chmod(0o555)

    done = subprocess.run(
        [sys.executable, "-P", "-B", "-c", IMPORT_EVERYTHING, *names],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_root_packages_are_ours(package: str) -> None:
    found = importlib.util.find_spec(package)

    assert found
    assert [Path(place) for place in found.submodule_search_locations or ()] == [ROOT / package]


def test_files_name_no_machine_and_no_registry(tracked_files: list[Path]) -> None:
    named = {
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in tracked_files
        if file != Path(__file__)
        for pattern in (MACHINE_PATH, REGISTRY_HOST)
        if (found := pattern.search(file.read_text("utf-8", errors="ignore")))
    }

    assert named == set()


def test_developers_run_the_versions_that_shops_run() -> None:
    def pins(name: str) -> set[tuple[str, str]]:
        text = (ROOT / name).read_text("utf-8")
        return set(re.findall(r"^([\w.-]+(?:\[[\w,-]+\])?)==(\S+)", text, re.MULTILINE))

    assert pins("requirements.lock")
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()
