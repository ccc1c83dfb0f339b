"""Where a store has its pages, for those of which nobody could tell us (shared_schemas/page_contracts/addresses.json)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from recore.accounts.models import MarketplaceAccount
from recore.platform.errors import Invalid
from recore.shared_schemas import load

MOST = 500


@dataclass(frozen=True)
class KnownPage:
    """`usual` is read where the shop has set nothing; another host than its is never read."""

    phase: str
    label: str
    usual: str


def known_pages(channel: str, profile: str) -> list[KnownPage]:
    """The pages whose addresses a shop may set."""
    of_channel = load("page_contracts/addresses.json").get(channel, {})
    return [KnownPage(**each) for each in of_channel.get(profile, [])]


def checked_addresses(channel: str, profile: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What the shop typed by phase, without what is left to the usual place. Raises Invalid BAD_ADDRESS."""
    found = {}
    for page in known_pages(channel, profile):
        address, host = typed.get(page.phase, "").strip(), urlsplit(page.usual).netloc
        if address in ("", page.usual):
            continue
        parts = urlsplit(address)
        if len(address) > MOST or (parts.scheme, parts.netloc) != ("https", host) or parts.fragment:
            raise Invalid(
                "BAD_ADDRESS", f"{page.label}は「https://{host}/」で始まるURLにしてください。", item=page.label,
                field=f"address-{page.phase}", remedy="ストアの画面で一覧を開き、アドレス欄のURLをそのまま貼り付けてください。",
            )  # fmt: skip
        found[page.phase] = address
    return found


def addresses_of(account: MarketplaceAccount) -> dict[str, str]:
    """Those that the shop has set, of the pages of the account's present profile."""
    kept: dict[str, str] = account.options.get("addresses", {})
    return {
        page.phase: kept[page.phase]
        for page in known_pages(account.channel, account.profile)
        if page.phase in kept
    }
