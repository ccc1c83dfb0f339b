"""An imported category file: its states, and what becomes of a row; no I/O."""

from __future__ import annotations

from enum import StrEnum

from recore.platform.states import StateMachine


class ImportState(StrEnum):
    """READ: looked through and shown. DONE: taken in."""

    READ = "READ"
    DONE = "DONE"


IMPORT_MACHINE = StateMachine(
    "category import",
    ImportState,
    ImportState.READ,
    {ImportState.READ: {ImportState.DONE}, ImportState.DONE: set()},
)


class Fate(StrEnum):
    """What becomes of a row; one letter each, so that a whole file's fates are one text."""

    NEW = "N"
    CHANGED = "C"
    SAME = "S"
    REFUSED = "R"

    @property
    def label(self) -> str:
        return {
            Fate.NEW: "追加",
            Fate.CHANGED: "変更",
            Fate.SAME: "変わらない",
            Fate.REFUSED: "取り込めない",
        }[self]
