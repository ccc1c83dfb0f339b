"""Alembic migrations; `upgrade` brings the database of the current app to the newest."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade() -> None:
    """To the newest revision; call inside an app context."""
    command.upgrade(alembic_config(), "head")
