"""`make run`: the shop, the pretend marketplace and the built extension, until Ctrl-C.

Data stays in var/. Standard library only, so that a broken installation is reported by what it cannot start.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
EXTENSION = ROOT / "extension" / "dist-sandbox"
SHOP_PORT, SANDBOX_PORT = 8000, 8100  # the extension's sandbox build knows the second one
LOGIN = "demo / demo-pass"
START_SECONDS, STOP_SECONDS = 60.0, 10.0


class CannotStart(Exception):
    """Why there is nothing to use; the text is for the person at the terminal."""


class Stopped(Exception):
    """Ctrl-C, or the terminal was closed."""


@dataclass(frozen=True)
class Server:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lan", action="store_true", help="answer other devices of the local network too")
    lan = parser.parse_args().lan
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    try:
        with ExitStack() as stack:
            servers = start_all(stack, lan=lan)
            print(welcome(lan=lan), flush=True)
            watch(servers)
    except Stopped:
        print("\n止めました。データは var/ に残っています。 / Stopped; the data stays in var/.")
        return 0
    except CannotStart as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def stop(number: int, frame: object) -> None:
    # A second Ctrl-C must not cut the stopping short: it would leave servers behind.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stopped


def start_all(stack: ExitStack, *, lan: bool) -> list[Server]:
    LOGS.mkdir(parents=True, exist_ok=True)
    host = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104 - asked for by LAN=1
    for port in (SHOP_PORT, SANDBOX_PORT):
        need_free(port, host)
    recore = [sys.executable, "-m", "recore.cli", "--data-dir", str(VAR)]
    once("データベース / database", [*recore, "init"], LOGS / "init.log")
    once("拡張機能 / extension", ["npm", "run", "--silent", "build:ext:sandbox"], LOGS / "extension.log")
    sandbox = [sys.executable, "-m", "sandbox", "--port", str(SANDBOX_PORT), "--data", str(VAR / "sandbox")]
    shop = [*recore, "serve", "--host", host, "--port", str(SHOP_PORT)]
    apis = {
        "RECORE_YAHOO_AUTH_URL": f"http://auth.login.yahoo.localhost:{SANDBOX_PORT}",
        "RECORE_YAHOO_API_URL": f"http://circus.shopping.yahooapis.localhost:{SANDBOX_PORT}",
        "RECORE_AMAZON_AUTH_URL": f"http://api.amazon.localhost:{SANDBOX_PORT}",
        "RECORE_AMAZON_API_URL": f"http://sellingpartnerapi-fe.amazon.localhost:{SANDBOX_PORT}",
    }
    phones = {"RECORE_PHONE_ORIGIN": f"http://{lan_address()}:{SHOP_PORT}"} if lan else {}
    servers = [
        stack.enter_context(serving("sandbox", sandbox)),
        stack.enter_context(serving("back office", shop, apis | phones)),
    ]
    wait_until_ready(servers[0], f"http://127.0.0.1:{SANDBOX_PORT}/")
    wait_until_ready(servers[1], f"http://127.0.0.1:{SHOP_PORT}/login")
    browser = chromium_command()
    if browser is not None:
        stack.enter_context(serving("chromium", browser))
    return servers


def need_free(port: int, host: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"ポート {port} は使用中です。make run が既に動いていないか確認し、止めてからやり直してください。\n"
                f"Port {port} is in use ({error.strerror}). Is another `make run` running? Stop it and try again."
            ) from error


def once(what: str, command: list[str], log: Path) -> None:
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise CannotStart(failure(what, log))


def failure(what: str, log: Path) -> str:
    tail = "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-15:])
    return f"{what}: 起動できませんでした / did not start ({log.relative_to(ROOT)})\n{tail}"


@contextmanager
def serving(name: str, command: list[str], settings: dict[str, str] | None = None) -> Iterator[Server]:
    """A server in a process group of its own: Ctrl-C reaches only us, and we end the whole group."""
    log = LOGS / f"{name.replace(' ', '-')}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(settings or {})},
        )
    try:
        yield Server(name, process, log)
    finally:
        end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def wait_until_ready(server: Server, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers; what it says is not our business
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(failure(server.name, server.log)) from None
            time.sleep(0.1)


def watch(servers: list[Server]) -> None:
    """Until a signal, or until a server ends by itself."""
    while True:
        for server in servers:
            if server.process.poll() is not None:
                raise CannotStart(failure(server.name, server.log))
        time.sleep(0.5)


def chromium_command() -> list[str] | None:
    """With a display: Chromium with its own profile, the extension loaded, the options page and the shop open."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return None
    sandbox_off = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        program, *sandbox_off, f"--user-data-dir={VAR / 'chromium'}", "--lang=ja", "--no-first-run",
        f"--load-extension={EXTENSION}", f"--disable-extensions-except={EXTENSION}",
        "--disable-features=DisableLoadExtensionCommandLineSwitch",
        f"http://localhost:{SHOP_PORT}/", options_page(), f"http://sandbox.localhost:{SANDBOX_PORT}/",
    ]  # fmt: skip


def options_page() -> str:
    known = json.loads((ROOT / "shared_schemas" / "extension.json").read_text("utf-8"))
    return f"chrome-extension://{known['id']}/options.html"


def lan_address() -> str:
    """This machine's address in the local network; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return socket.gethostname()
        address: str = probe.getsockname()[0]
        return address


def welcome(*, lan: bool) -> str:
    phone = f"\n  スマートフォン / phone     http://{lan_address()}:{SHOP_PORT}/" if lan else ""
    return f"""
  お店 / back office        http://localhost:{SHOP_PORT}/        {LOGIN}{phone}
  練習用ヤフオク! / sandbox  http://sandbox.localhost:{SANDBOX_PORT}/  (操作室 / control room)
  Chromeに読み込むフォルダ / folder to load in Chrome
                            {EXTENSION}

  1. chrome://extensions → デベロッパーモード → パッケージ化されていない拡張機能を読み込む → 上のフォルダ
     Developer mode → Load unpacked → the folder above
  2. お店にログイン ({LOGIN}) → 拡張機能のオプションで http://localhost:{SHOP_PORT} を【保存する】
     Log in to the back office, then save its URL in the extension's options
  3. 【買取】で商品を登録 → 【EC】→【出品待ち】で入力して【出品】
     Buy in an item, fill in its draft, list it
  4. 拡張機能の【出品ファイルをダウンロード】→ 練習用ヤフオク!の【一括アップロード】へ
     Download the listing file from the popup, upload it in the sandbox's store tool
  5. 操作室で入札・落札・支払い → 拡張機能の【同期開始】→【受注管理】→ 宛先CSV
     Bid, win and pay in the control room, sync from the popup, then orders and the address CSV

  Ctrl-C で止まります / stops everything.  ログ / logs: var/log
"""


if __name__ == "__main__":
    sys.exit(main())
