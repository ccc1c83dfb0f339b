"""Every marketplace, one line each."""

from __future__ import annotations

from recore.channels.base import Channel
from recore.channels.yahoo_auction import YahooAuction

CHANNELS: dict[str, Channel] = {
    "yahoo_auction": YahooAuction(),
}
