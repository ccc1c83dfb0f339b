"""The page contracts read their goldens in real Chromium as they do in jsdom (extension/tests/goldens.test.ts)."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).parents[2]
GOLDENS = sorted((ROOT / "tests/contracts/golden").glob("*/*.html"))
HARNESS = ROOT / "extension/tests/support/chromiumHarness.ts"


@dataclass(frozen=True)
class Engine:
    """The bundled engine in a blank page."""

    driver: webdriver.Chrome

    def read(self, contract: str, html: str, expected: dict[str, object]) -> object:
        return self.driver.execute_script(
            "return harness.read(...arguments)",
            contract,
            html,
            expected["url"],
            expected["page"],
            expected["observed_at"],
        )


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    bundle = subprocess.run(
        [ROOT / "node_modules/.bin/esbuild", HARNESS, "--bundle", "--format=iife", "--global-name=harness"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        driver.get("about:blank")
        driver.execute_script(f"{bundle}; globalThis.harness = harness")
        yield Engine(driver)
    finally:
        driver.quit()


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_r17_reads_in_chromium_as_in_jsdom(engine: Engine, path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    assert engine.read(path.parent.name, path.read_text("utf-8"), expected) == expected["reading"]
