"""The stage: back office and sandbox as real processes on free ports, and Chromium with the real extension."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.error import URLError

from selenium import webdriver
from selenium.common.exceptions import SessionNotCreatedException
from selenium.webdriver.chrome.service import Service

from demo.record import eventually

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(
    arguments: list[str], log: Path, ready_url: str, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server, wait until it answers, stop it at the end (TERM, then KILL after ten seconds)."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            arguments, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        try:
            wait_for(ready_url, started, log)
            yield started
        finally:
            started.terminate()
            try:
                started.wait(10)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (URLError, OSError) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"{url} does not answer ({error}):\n{log.read_text('utf-8')[-2000:]}"
                ) from error
            time.sleep(0.1)


def back_office(
    data_dir: Path, port: int, log: Path, sandbox_port: int
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The real server with its embedded worker, on a fresh demo shop in `data_dir`; Yahoo!'s API is the sandbox's."""
    recore = [sys.executable, "-m", "recore.cli", "--data-dir", str(data_dir)]
    subprocess.run(
        [*recore, "init"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return process(
        [*recore, "serve", "--port", str(port)],
        log,
        f"http://localhost:{port}/login",
        official_apis(sandbox_port),
    )


def official_apis(sandbox_port: int) -> dict[str, str]:
    """The settings that send what is meant for the marketplaces' APIs to the sandbox."""
    return {
        "RECORE_YAHOO_AUTH_URL": f"http://auth.login.yahoo.localhost:{sandbox_port}",
        "RECORE_YAHOO_API_URL": f"http://circus.shopping.yahooapis.localhost:{sandbox_port}",
        "RECORE_AMAZON_AUTH_URL": f"http://api.amazon.localhost:{sandbox_port}",
        "RECORE_AMAZON_API_URL": f"http://sellingpartnerapi-fe.amazon.localhost:{sandbox_port}",
    }


def sandbox(data_dir: Path, port: int, log: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    arguments = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(data_dir)]
    return process(arguments, log, f"http://localhost:{port}/", {})


def build_extension(folder: Path, sandbox_port: int, *more: str) -> None:
    """The extension as in `make run`, with the sandbox's port built in; `more` options of build.mjs."""
    shutil.rmtree(folder, ignore_errors=True)
    options = [f"--sandbox=http://yahoo.localhost:{sandbox_port}", f"--out={folder}", *more]
    subprocess.run(["node", "extension/build.mjs", *options], cwd=ROOT, check=True)


def extension_id(folder: Path) -> str:
    """From the public key in the manifest: the same on every checkout."""
    key = json.loads((folder / "manifest.json").read_text("utf-8"))["key"]
    digest = hashlib.sha256(base64.b64decode(key)).hexdigest()[:32]
    return "".join(chr(ord("a") + int(char, 16)) for char in digest)


@contextmanager
def chromium(
    profile: Path, downloads: Path, extension: Path | None, *, width: int = 1280
) -> Iterator[webdriver.Chrome]:
    """Headless Chromium in Japanese, with the unpacked extension."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
    arguments = [
        "--headless=new", "--no-sandbox", f"--window-size={width},900", "--lang=ja", f"--user-data-dir={profile}",
        "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-features=DisableLoadExtensionCommandLineSwitch",
    ]  # fmt: skip
    if extension is not None:
        arguments += [f"--load-extension={extension}", f"--disable-extensions-except={extension}"]
    for argument in arguments:
        options.add_argument(argument)
    downloads.mkdir(parents=True, exist_ok=True)
    preferences = {"download.default_directory": str(downloads), "download.prompt_for_download": False,
                   "intl.accept_languages": "ja"}  # fmt: skip
    options.add_experimental_option("prefs", preferences)
    environment = {**os.environ, "LANGUAGE": "ja", "LANG": "ja_JP.UTF-8"}

    def start() -> webdriver.Chrome:
        return webdriver.Chrome(
            options=options, service=Service(shutil.which("chromedriver"), env=environment)
        )

    try:
        driver = start()
    except SessionNotCreatedException as error:  # no step of the story yet: a busy machine gets a second try
        warnings.warn(f"Chromium did not come up and is started again: {error.msg}", stacklevel=1)
        driver = start()
    driver.set_script_timeout(30)
    try:
        yield driver
    finally:
        driver.quit()


def grant_host(driver: webdriver.Chrome, extension: str, pattern: str) -> None:
    """Let the real click on permissions.request succeed: headless Chromium has no dialog to answer."""
    driver.get("chrome://extensions")
    eventually(
        "chrome://extensions",
        lambda: driver.execute_script("return typeof chrome.developerPrivate === 'object'"),
    )
    answer = driver.execute_async_script(
        """const [id, host, done] = arguments;
        chrome.developerPrivate.updateExtensionConfiguration({extensionId: id, hostAccess: 'ON_SPECIFIC_SITES'})
          .then(() => chrome.developerPrivate.addHostPermission(id, host)).then(() => done('ok'), e => done(String(e)));""",
        extension,
        pattern,
    )
    if answer != "ok":
        raise RuntimeError(f"host permission for {pattern}: {answer}")
