"""Yahoo! Auctions for stores: form, file and state maps of both generations of the store tool (yahoo.md)."""

from recore.channels.yahoo_auction.channel import YahooAuction

__all__ = ["YahooAuction"]
