"""The record of a demo run: one entry per step, a screenshot each, and `summary.json`."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path


class StepDiffers(AssertionError):
    """The other side does not show what the step promised."""


@dataclass
class Step:
    name: str
    ok: bool
    seconds: float
    screenshot: str
    detail: str = ""


@dataclass
class Record:
    """Steps run in order; the first that differs ends the demo, because the later ones stand on it."""

    folder: Path
    take_screenshot: Callable[[Path], object]
    steps: list[Step] = field(default_factory=list)
    needs_review: int = 0
    is_complete: bool = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Run one step; whatever happens, it is recorded with its time and a screenshot."""
        started, detail, ok = time.monotonic(), "", False
        try:
            yield
            ok = True
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
            raise
        finally:
            number = len(self.steps) + 1
            slug = re.sub(r"[^\w]+", "-", name).strip("-")
            screenshot = f"{number:02d}-{slug}.png"
            try:
                self.take_screenshot(self.folder / screenshot)
            except Exception as error:
                ok, detail = False, f"{detail} no screenshot: {error}".strip()
            seconds = round(time.monotonic() - started, 2)
            self.steps.append(Step(name, ok, seconds, screenshot, detail))
            self.save()
            print(f"{'ok  ' if ok else 'FAIL'} {seconds:6.1f}s  {name} {detail}", flush=True)

    def complete(self) -> None:
        """The story has come to its end; only now may the summary say ok."""
        self.is_complete = True
        self.save()

    def save(self) -> None:
        steps = [{key: value for key, value in asdict(step).items() if value != ""} for step in self.steps]
        body = {"ok": self.is_complete and all(step.ok for step in self.steps), "needs_review": self.needs_review,
                "steps": steps}  # fmt: skip
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        (self.folder / "summary.json").write_text(text, "utf-8")


def expect(condition: object, message: str) -> None:
    """Raise StepDiffers unless `condition` holds."""
    if not condition:
        raise StepDiffers(message)


def eventually(what: str, look: Callable[[], object], *, seconds: float = 30, every: float = 0.25) -> object:
    """Look until `look()` is truthy and return it; StepDiffers after `seconds`. For things another process does."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise StepDiffers(f"not seen within {seconds:g}s: {what} (last look: {found!r})")
        time.sleep(every)
