"""Amazon in Japan through the Selling Partner API (amazon.md): offers on products of its catalogue, and the
orders that the shop ships itself.
"""

from recore.channels.amazon.channel import Amazon
from recore.channels.amazon.exporter import AmazonOffers
from recore.channels.amazon.importer import AmazonOrders

__all__ = ["Amazon", "AmazonOffers", "AmazonOrders"]
