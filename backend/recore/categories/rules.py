"""An imported category file: its states; no I/O. It is taken in whole, without a job between."""

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
