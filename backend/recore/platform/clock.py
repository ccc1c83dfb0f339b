"""Time: UTC in the database, JST at the edge (architecture rule 11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")  # no summer time since 1951; a bare Debian has no zone database


def now() -> datetime:
    """The current time, aware, in UTC. The one place that reads the clock (tests travel with time-machine)."""
    return datetime.now(UTC)


def to_jst(moment: datetime) -> datetime:
    """`moment` (aware) in Japan's time."""
    return moment.astimezone(JST)


def to_wire(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z`, milliseconds kept; the form of every time in the JSON APIs."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """The inverse of `to_wire`; ValueError without a zone."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("time without a zone")
    return moment.astimezone(UTC)
