"""Who does something: staff (with the account they use), a device, a job, or the operator at the command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    ACCOUNT = "account"
    DEVICE = "device"
    JOB = "job"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Actor:
    """`label` is what history shows: a staff or device name, never buyer data."""

    kind: ActorKind
    id: int | None
    label: str
    account_id: int | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}" if self.id is not None else str(self.kind)


OPERATOR = Actor(ActorKind.OPERATOR, None, "運用者")
