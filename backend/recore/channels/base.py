"""What a marketplace is to the features: data about its form, and pure functions over it.

A channel is registered in `registry.py`. Features know no marketplace by name; they ask the registry by the name stored in
`MarketplaceAccount.channel`. Everything here is free of I/O, so it may be called inside a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

Values = Mapping[str, Any]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with a form: which field (its key, or `photos`), what, and what to do about it."""

    field: str
    label: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class FormField:
    """One field of a listing form; page, validation, API and file are generated from it (R10).

    kind: text | html | yen | yen_or_none | int | choice | category | management_number | saved_choices | saved_choice.
    `max_half_widths` counts half-width units (full-width 2); `saved` names the account's list of saved choices.
    """

    key: str
    label: str
    kind: str
    group: str
    required: bool
    choices: tuple[str, ...] = ()
    choice_labels: Mapping[str, str] = field(default_factory=dict)
    default: Any = None
    prefill: str | None = None
    saved: str | None = None
    help: str = ""
    none_label: str = ""
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_half_widths: int | None = None
    max_characters: int | None = None


@dataclass(frozen=True)
class FormGroup:
    key: str
    label: str
    collapsed: bool = False


@dataclass(frozen=True)
class FormDefinition:
    channel: str
    profile: str
    groups: tuple[FormGroup, ...]
    fields: tuple[FormField, ...]

    def in_group(self, key: str) -> list[FormField]:
        return [each for each in self.fields if each.group == key]

    def field(self, key: str) -> FormField:
        return next(each for each in self.fields if each.key == key)


@dataclass(frozen=True)
class PhotoFact:
    """A photo as the marketplace would get it."""

    media_type: str
    size_bytes: int


@dataclass(frozen=True)
class PrefillSource:
    """What 買取 and catalogue know of an item; `price` in yen, `units` still to be offered."""

    name: str
    grade: str
    price: int
    jan: str | None
    units: int
    management_number: str


@dataclass(frozen=True)
class FormContext:
    """What validation looks at beside the values: the photos and how many units there are to offer."""

    photos: Sequence[PhotoFact]
    units: int
    saved_choices: Mapping[str, Sequence[str]]


class Channel(Protocol):
    """One marketplace.

    `profiles`: the generations of its tool (profile → label). `photo_spec`: the key of photo_limits.json that its copies meet.
    `makes_files`: whether listings leave in an upload file (else by API jobs).
    """

    name: str
    label: str
    profiles: Mapping[str, str]
    photo_spec: str
    makes_files: bool

    def form(self, profile: str) -> FormDefinition:
        """The form of a profile; KeyError for an unknown one."""
        ...

    def prefill(self, profile: str, source: PrefillSource, defaults: Values) -> dict[str, Any]:
        """First values: the item's, then the account's `defaults`, then the field's default."""
        ...

    def validate(self, profile: str, values: Values, context: FormContext) -> list[FieldProblem]:
        """Everything that is known to be refused, all at once; [] means it may be sent."""
        ...
