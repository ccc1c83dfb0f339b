"""State machines as tables of plain data (idea: Vendure's finite-state-machine), moved by conditional UPDATE.

A machine is checked when it is built; a forbidden or lost move raises, it is never a silent no-op.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from recore.platform.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class StateMachine(Generic[S]):
    """`moves[state]` is the set of states that may follow it; every state must be a key.

    Raises ValueError when a state is missing, unknown, or cannot be reached from `start`.
    """

    name: str
    states: type[S]
    start: S
    moves: Mapping[S, Set[S]]

    def __post_init__(self) -> None:
        every = set(self.states)
        if set(self.moves) != every:
            raise ValueError(f"{self.name}: states without a row: {every ^ set(self.moves)}")
        reached, frontier = {self.start}, [self.start]
        while frontier:
            for follower in self.moves[frontier.pop()]:
                if follower not in every:
                    raise ValueError(f"{self.name}: unknown state {follower}")
                if follower not in reached:
                    reached.add(follower)
                    frontier.append(follower)
        if reached != every:
            raise ValueError(f"{self.name}: unreachable: {every - reached}")

    def allows(self, source: S, target: S) -> bool:
        return target in self.moves[source]

    def sources_of(self, target: S) -> list[S]:
        """The states from which `target` may be entered: the WHERE of the conditional UPDATE."""
        return [state for state, followers in self.moves.items() if target in followers]

    def check(self, source: S, target: S, *, item: str) -> None:
        """Raise Conflict FORBIDDEN_MOVE unless `source` → `target` is in the table."""
        if not self.allows(source, target):
            raise Conflict(
                "FORBIDDEN_MOVE",
                f"「{item}」は現在の状態ではこの操作ができません（{source} → {target}）。",
                item=item,
                remedy="画面を再読み込みして、最新の状態を確認してください。",
            )
