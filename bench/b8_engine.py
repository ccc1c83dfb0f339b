"""B8: the contract engine on a page of 100 rows in Chromium, against the bare DOMParser on the same page.

Both read the same text in the same page, in turn; a ratio per round, the median of all rounds. The page is the golden
`classic_selling/full`, which the sandbox rendered.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from statistics import median

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from bench.result import Result

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests/contracts/golden/classic_selling/full"
HARNESS = ROOT / "extension/tests/support/chromiumHarness.ts"
ROUNDS, PAGES = 60, 10

MEASURE = """
const [id, html, url, page, at, rounds, pages] = arguments;
const time = (work) => { const from = performance.now(); for (let n = 0; n < pages; n++) work(); return performance.now() - from; };
const bare = () => new DOMParser().parseFromString(html, "text/html");
const whole = () => harness.read(id, html, url, page, at);
if (whole().rows.length !== 100) throw new Error("not 100 rows");
time(bare); time(whole);
return Array.from({ length: rounds }, () => [time(bare), time(whole)]);
"""


def main() -> None:
    bundled = subprocess.run(
        [ROOT / "node_modules/.bin/esbuild", HARNESS, "--bundle", "--format=iife", "--global-name=harness"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_script_timeout(120)
    expected = json.loads(GOLDEN.with_suffix(".expected.json").read_text("utf-8"))
    try:
        driver.get("about:blank")
        driver.execute_script(f"{bundled.stdout}; globalThis.harness = harness")
        rounds: list[tuple[float, float]] = driver.execute_script(
            MEASURE, "classic_selling", GOLDEN.with_suffix(".html").read_text("utf-8"), expected["url"], expected["page"],
            expected["observed_at"], ROUNDS, PAGES,
        )  # fmt: skip
    finally:
        driver.quit()
    Result(
        "B8",
        ratios={"engine": median(whole / bare for bare, whole in rounds)},
        targets={"engine": 2.0},
        at_most=frozenset({"engine"}),
        details={
            "bare_ms": median(bare for bare, _ in rounds) / PAGES,
            "engine_ms": median(whole for _, whole in rounds) / PAGES,
        },
    ).save()


if __name__ == "__main__":
    main()
