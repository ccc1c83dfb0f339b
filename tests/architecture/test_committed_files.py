"""What is committed works on any machine: it names no package registry and no path of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTRIES = re.compile(
    rb"registry\.npmjs\.org|registry\.yarnpkg\.com|files\.pythonhosted\.org|pypi\.org/simple|deb\.debian\.org"
    rb"|proxy\.golang\.org|index\.crates\.io|--(?:extra-)?index-url[ =]|--find-links[ =]"
)
# /home/NAME, /root/…, /Users/NAME: somebody's own folder. The project's folder is checked by its real path below.
HOME_FOLDERS = re.compile(rb"(?<![\w.$}/-])/(?:home|Users)/\w+|(?<![\w.$}/-])/root/[\w.]")
THIS_FILE = Path(__file__).resolve().relative_to(ROOT).as_posix()
MAY_NAME_ROOTS_HOME = {"scripts/cleanroom.sh"}  # inside the fresh Debian


def committed() -> list[str]:
    """Tracked files, and new ones that are not ignored: what the next commit would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    return sorted(
        {name.decode() for name in listed.split(b"\0") if name and (ROOT / name.decode()).is_file()}
    )


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: (ROOT / name).read_bytes() for name in committed() if name != THIS_FILE}


def test_the_files_are_seen(files: dict[str, bytes]) -> None:
    assert {"Makefile", "requirements.lock", "package-lock.json", "pyproject.toml"} <= set(files)


def test_no_file_names_a_registry(files: dict[str, bytes]) -> None:
    assert {name: found.group() for name, text in files.items() if (found := REGISTRIES.search(text))} == {}


def test_no_file_names_a_path_of_a_machine(files: dict[str, bytes]) -> None:
    here = re.compile(rb"(?<![\w.-])" + re.escape(str(ROOT).encode()) + rb"(?![\w-])")
    named = {
        name: found.group()
        for name, text in files.items()
        if name not in MAY_NAME_ROOTS_HOME and (found := HOME_FOLDERS.search(text) or here.search(text))
    }
    assert named == {}


def test_built_and_private_files_are_not_committed() -> None:
    built = re.compile(
        r"(^|/)(node_modules|\.venv|__pycache__|demo-output|test-output|var)/|/static/dist/|extension/dist"
    )
    assert [name for name in committed() if built.search(name)] == []


def test_no_link_is_committed() -> None:
    """A link to a folder elsewhere (an environment that is shared by two clones) works on one machine only."""
    listed = subprocess.run(
        ["git", "ls-files", "-s"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert [line for line in listed.splitlines() if line.startswith("120000")] == []


def test_the_locks_pin_by_hash(files: dict[str, bytes]) -> None:
    pinned = re.findall(
        rb"^([A-Za-z0-9_.-]+(?:\[[^\]]*\])?)==\S+.*?(?=^\S|\Z)", files["requirements.lock"], re.S | re.M
    )
    hashed = re.findall(
        rb"^\S+==[^\n]*\\\n(?:    --hash=sha256:[0-9a-f]{64}[^\n]*\n)+", files["requirements.lock"], re.M
    )
    assert len(pinned) == len(hashed) > 50
    assert b'"resolved"' not in files["package-lock.json"]
