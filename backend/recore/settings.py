"""Settings: frozen, from a TOML file and the environment; a bad value stops the start."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "RECORE_"


class BadSetting(SystemExit):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    """`data_dir` holds the SQLite file, photos and keys; `database_url` overrides the SQLite default.

    `secret_key` signs sessions; empty means: made once and kept in `data_dir`.
    `engine` runs background jobs: `embedded` in a thread of `recore serve` (or in a `recore worker` beside other web
    servers), `celery` in any number of `recore worker`s on any number of hosts, which needs PostgreSQL and `broker_url`.
    `secure_cookies` must be on wherever the shop is reached over https.
    `phone_origin`: where phones reach the shop (for QR codes) when a PC has it open as localhost; `make run LAN=1` sets it.
    `yahoo_auth_url`, `yahoo_api_url`: origins of Yahoo!'s consent and order API in place of the real ones (the sandbox).
    `amazon_auth_url`, `amazon_api_url`: the same of Amazon's token endpoint and Selling Partner API.
    """

    data_dir: Path = Path("var")
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    engine: str = "embedded"
    broker_url: str = field(default="", repr=False)
    secure_cookies: bool = False
    trusted_proxies: int = 0
    max_upload_bytes: int = 40 * 1024 * 1024
    max_sync_bytes: int = 64 * 1024 * 1024
    phone_origin: str = ""
    yahoo_auth_url: str = ""
    yahoo_api_url: str = ""
    amazon_auth_url: str = ""
    amazon_api_url: str = ""
    log_level: str = "INFO"
    testing: bool = False

    def __post_init__(self) -> None:
        if self.database_url and urlsplit(self.database_url).scheme not in ("sqlite", "postgresql+psycopg"):
            raise BadSetting("RECORE_DATABASE_URL: sqlite:///… or postgresql+psycopg://…")
        self._check_engine()
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise BadSetting("RECORE_LOG_LEVEL: DEBUG, INFO, WARNING or ERROR")
        if self.trusted_proxies < 0 or self.max_upload_bytes <= 0 or self.max_sync_bytes <= 0:
            raise BadSetting(
                "RECORE_TRUSTED_PROXIES, RECORE_MAX_UPLOAD_BYTES, RECORE_MAX_SYNC_BYTES: positive numbers"
            )
        if self.phone_origin and not _is_bare(self.phone_origin):
            raise BadSetting(f"{PREFIX}PHONE_ORIGIN: http://address:port or https://host")
        for name in ("yahoo_auth_url", "yahoo_api_url", "amazon_auth_url", "amazon_api_url"):
            if getattr(self, name) and not _is_origin(getattr(self, name)):
                raise BadSetting(
                    f"{PREFIX}{name.upper()}: https://host, or http://….localhost:port for the sandbox"
                )

    def _check_engine(self) -> None:
        if self.engine not in ("embedded", "celery"):
            raise BadSetting("RECORE_ENGINE: embedded or celery")
        if self.broker_url and urlsplit(self.broker_url).scheme not in ("redis", "rediss"):
            raise BadSetting("RECORE_BROKER_URL: redis://host:6379/0 or rediss://…")
        if self.engine == "celery" and not self.broker_url:
            raise BadSetting("RECORE_ENGINE=celery needs RECORE_BROKER_URL, e.g. redis://host:6379/0")
        if self.engine == "celery" and not self.database.startswith("postgresql"):
            raise BadSetting(
                "RECORE_ENGINE=celery needs PostgreSQL (RECORE_DATABASE_URL=postgresql+psycopg://…): a SQLite file"
                " has one writer and one machine. RECORE_ENGINE=embedded runs jobs without a broker."
            )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'recore.sqlite3').resolve()}"

    @classmethod
    def load(cls, toml: Path | None = None, environ: dict[str, str] | None = None) -> Settings:
        """From `toml` (or the file in RECORE_CONFIG), then the environment, which wins."""
        environ = dict(os.environ) if environ is None else environ
        path = toml or (Path(environ[PREFIX + "CONFIG"]) if PREFIX + "CONFIG" in environ else None)
        values: dict[str, object] = tomllib.loads(path.read_text("utf-8")) if path else {}
        known = {each.name: each for each in fields(cls)}
        unknown = set(values) - set(known)
        if unknown:
            raise BadSetting(f"unknown settings: {', '.join(sorted(unknown))}")
        for name in known:
            if (text := environ.get(PREFIX + name.upper())) is not None:
                values[name] = text
        return cls(**{name: _convert(name, known[name].type, value) for name, value in values.items()})  # type: ignore[arg-type]


def _is_bare(url: str) -> bool:
    """Scheme and host (with port) only."""
    parts = urlsplit(url)
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return bool(parts.hostname) and is_bare and parts.scheme in ("http", "https")


def _is_origin(url: str) -> bool:
    """Bare; plain http only on this machine, for secrets travel there."""
    host = urlsplit(url).hostname or ""
    is_here = host == "localhost" or host.endswith(".localhost")
    return _is_bare(url) and (is_here or urlsplit(url).scheme == "https")


def _convert(name: str, kind: object, value: object) -> object:
    try:
        match kind:
            case "bool":
                return value if isinstance(value, bool) else _truth(str(value))
            case "int":
                return int(str(value))
            case "Path":
                return Path(str(value)).expanduser()
        return str(value)
    except ValueError as error:
        raise BadSetting(f"{PREFIX}{name.upper()}: {value!r} is not a {kind}") from error


def _truth(text: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]
