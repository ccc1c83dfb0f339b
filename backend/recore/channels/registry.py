"""Every marketplace, one line each."""

from __future__ import annotations

from recore.channels.amazon import Amazon, AmazonOffers, AmazonOrders
from recore.channels.base import Channel
from recore.channels.offer_api import OfferApi
from recore.channels.order_api import OrderApi
from recore.channels.yahoo_auction import YahooAuction
from recore.channels.yahoo_auction.order_api import YahooOrderApi
from recore.settings import Settings

CHANNELS: dict[str, Channel] = {
    "yahoo_auction": YahooAuction(),
    "amazon": Amazon(),
}


def order_apis(settings: Settings) -> dict[str, OrderApi]:
    """The official APIs for orders, by channel."""
    return {
        "yahoo_auction": YahooOrderApi(settings.yahoo_auth_url, settings.yahoo_api_url),
        "amazon": AmazonOrders(settings.amazon_auth_url, settings.amazon_api_url),
    }


def offer_apis(settings: Settings) -> dict[str, OfferApi]:
    """The official APIs for offers, by channel."""
    return {"amazon": AmazonOffers(settings.amazon_auth_url, settings.amazon_api_url)}
