"""Arrows point one way (architecture.md, "The house"). The contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
BACKEND = ROOT / "backend" / "recore"
FEATURES = {
    "accounts",
    "automation",
    "buyin",
    "catalog",
    "categories",
    "commands",
    "history",
    "home",
    "identity",
    "listings",
    "orders",
    "photos",
    "sales",
    "stock",
    "sync",
}
NOT_FEATURES = {"platform", "channels", "web", "migrations"}


def imported_by(folder: Path) -> dict[str, set[str]]:
    """top-level package → files of `folder` that import it."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "backend"))
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_folder_is_a_known_room() -> None:
    """A new feature must be named here and in the contracts, or they would not watch it."""
    folders = {path.parent.name for path in BACKEND.glob("*/__init__.py")}
    assert folders == FEATURES | NOT_FEATURES


def test_every_feature_is_in_every_list_of_features() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    expected = {f"recore.{name}" for name in FEATURES}
    lists = [each for contract in contracts for each in contract.values() if isinstance(each, list)]
    naming = [set(names) for names in lists if "recore.accounts" in names]
    assert len(naming) == 3
    for names in naming:
        assert expected <= names


def test_every_marketplace_is_forbidden_to_features() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    forbidden = next(c["forbidden_modules"] for c in contracts if "only through channels.base" in c["name"])
    marketplaces = {path.parent.name for path in (BACKEND / "channels").glob("*/__init__.py")}
    assert {f"recore.channels.{name}" for name in marketplaces | {"registry"}} == set(forbidden)


def test_the_sandbox_shares_no_code_with_us() -> None:
    """It must not be shaped to please our client, nor our client read its mind."""
    assert not {"recore", "tests", "demo", "bench"} & set(imported_by(ROOT / "sandbox"))
    assert "sandbox" not in imported_by(BACKEND)


def test_the_product_does_not_need_the_test_tools() -> None:
    tools = {"pytest", "hypothesis", "selenium", "schemathesis", "time_machine", "tests", "demo", "bench"}
    assert not tools & set(imported_by(BACKEND))


def test_the_scripts_that_start_things_stand_on_the_standard_library() -> None:
    """`make run` must be able to say what is wrong with an installation."""
    assert set(imported_by(ROOT / "scripts")) <= sys.stdlib_module_names
