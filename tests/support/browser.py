"""Chromium with our extension, and the words of a test about it. The browser itself is started as in the demo."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import websocket
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from demo.stage import chromium, extension_id, grant_host

T = TypeVar("T")
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Browser:
    """`extension` is its id; `downloads` the folder that Chromium saves into."""

    driver: webdriver.Chrome
    extension: str
    downloads: Path

    def url(self, page: str) -> str:
        return f"chrome-extension://{self.extension}/{page}"

    def open(self, page: str) -> None:
        """Open a page of the extension (`popup.html`, `options.html`) as a tab."""
        self.driver.get(self.url(page))

    def run(self, body: str, *arguments: object) -> object:
        """Run async JavaScript in the current page; arguments are a[0], a[1] …; what it throws is a RuntimeError."""
        answer: dict[str, object] = self.driver.execute_async_script(
            "const a = [...arguments], done = a.pop();"
            f"(async () => {{ {body} }})().then(v => done({{ok: v ?? null}}), e => done({{error: String(e)}}))",
            *arguments,
        )
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["ok"]

    def storage(self, keys: str | list[str] | None = None, area: str = "local") -> object:
        """What the extension keeps; an extension page must be open."""
        return self.run("return chrome.storage[a[0]].get(a[1])", area, keys)

    def until(self, look: Callable[[], T | None], seconds: float = 10) -> T:
        """Look until the answer is truthy; selenium's TimeoutException after `seconds`."""
        wait: WebDriverWait[webdriver.Chrome] = WebDriverWait(self.driver, seconds, POLL_SECONDS)
        found: T = wait.until(lambda _: look() or False)
        return found

    def downloaded(self, pattern: str, seconds: float = 30) -> Path:
        """The finished download whose name matches; Chromium renames it when the last byte is there."""
        return self.until(lambda: next(iter(sorted(self.downloads.glob(pattern))), None), seconds)

    def stay_logged_in(self) -> None:
        """Every session cookie outlives the browser, as after 「ログインしたままにする」."""
        for cookie in self.driver.execute_cdp_cmd("Storage.getCookies", {})["cookies"]:
            if cookie["session"]:
                kept = {
                    each: cookie[each] for each in ("name", "value", "domain", "path", "secure", "httpOnly")
                }
                self.driver.execute_cdp_cmd("Network.setCookie", {**kept, "expires": time.time() + 86_400})

    # --- permission ---

    def pregrant_host(self, pattern: str) -> None:
        """Let the real click on permissions.request succeed (headless Chromium has no dialog to answer)."""
        grant_host(self.driver, self.extension, pattern)

    def revoke_host(self, pattern: str) -> None:
        self.driver.get("chrome://extensions")
        self.run("await chrome.developerPrivate.removeHostPermission(a[0], a[1])", self.extension, pattern)

    # --- service worker ---

    def worker(self) -> dict[str, str] | None:
        """The running service worker as DevTools lists it; None while it sleeps or was killed."""
        address = self.driver.capabilities["goog:chromeOptions"]["debuggerAddress"]
        with urllib.request.urlopen(f"http://{address}/json", timeout=5) as answer:
            targets: list[dict[str, str]] = json.load(answer)
        return next(
            (each for each in targets if each["type"] == "service_worker" and self.extension in each["url"]),
            None,
        )

    def worker_heap(self) -> int:
        """Bytes that the running worker's heap holds after a collection."""
        found = self.until(self.worker)
        connection = websocket.create_connection(
            found["webSocketDebuggerUrl"], suppress_origin=True, timeout=30
        )
        with closing(connection):
            for number, method in enumerate(("HeapProfiler.collectGarbage", "Runtime.getHeapUsage")):
                connection.send(json.dumps({"id": number, "method": method}))
                answer = json.loads(connection.recv())
                while answer.get("id") != number:
                    answer = json.loads(connection.recv())
        return int(answer["result"]["usedSize"])

    def kill_worker(self) -> None:
        """End the service worker as the browser does; an extension page must be open in the tab.

        The browser answers once it has stopped. That is not looked for: an open popup wakes the next one at once.
        """
        self.driver.execute_cdp_cmd("ServiceWorker.enable", {})
        self.driver.execute_cdp_cmd("ServiceWorker.stopAllWorkers", {})


@contextmanager
def browser(folder: Path, extension: Path) -> Iterator[Browser]:
    """Headless Chromium in Japanese with its profile in `folder` and the built `extension` loaded."""
    downloads = folder / "downloads"
    with chromium(folder / "profile", downloads, extension) as driver:
        yield Browser(driver, extension_id(extension), downloads)
