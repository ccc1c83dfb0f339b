"""Sync runs: states and phases; no I/O."""

from __future__ import annotations

from enum import StrEnum

from recore.platform.states import StateMachine


class RunState(StrEnum):
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"  # its lease ran out and another run took over


class Phase(StrEnum):
    SELLING = "selling"
    CLOSED = "closed"
    WON = "won"
    DETAIL = "detail"


RUN_MACHINE = StateMachine(
    "sync run",
    RunState,
    RunState.RUNNING,
    {
        RunState.RUNNING: {RunState.COMPLETE, RunState.FAILED, RunState.ABANDONED},
        RunState.COMPLETE: set(),
        RunState.FAILED: set(),
        RunState.ABANDONED: set(),
    },
)
