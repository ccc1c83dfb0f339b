"""Amazon in Japan through the Selling Partner API (amazon.md): offers on products of its catalogue."""

from recore.channels.amazon.channel import Amazon
from recore.channels.amazon.exporter import AmazonOffers

__all__ = ["Amazon", "AmazonOffers"]
