"""Back office and sandbox as the real processes of `make run`, on free ports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.stage import back_office, build_extension, free_port, sandbox


@dataclass(frozen=True)
class Servers:
    """`data` holds the shop's database and photos, `extension` the build that knows this sandbox's port."""

    shop_port: int
    sandbox_port: int
    data: Path
    extension: Path

    @property
    def shop(self) -> str:
        return f"http://localhost:{self.shop_port}"

    def sandbox_host(self, name: str) -> str:
        """`auctions.yahoo` → the origin on which the sandbox plays that host."""
        return f"http://{name}.localhost:{self.sandbox_port}"


@contextmanager
def running_servers(folder: Path, *build_options: str) -> Iterator[Servers]:
    """Both servers with fresh data in `folder`, until the end of the block; `build_options` of the extension."""
    servers = Servers(free_port(), free_port(), folder / "shop", folder / "extension")
    build_extension(servers.extension, servers.sandbox_port, *build_options)
    with (
        back_office(servers.data, servers.shop_port, folder / "shop.log", servers.sandbox_port),
        sandbox(folder / "sandbox", servers.sandbox_port, folder / "sandbox.log"),
    ):
        yield servers
