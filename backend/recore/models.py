"""Every table, imported once: for alembic and for the guards that need the whole metadata."""

from recore.accounts import models as accounts
from recore.buyin import models as buyin
from recore.catalog import models as catalog
from recore.categories import models as categories
from recore.commands import models as commands
from recore.identity import models as identity
from recore.listings import models as listings
from recore.orders import models as orders
from recore.photos import models as photos
from recore.platform import audit, imports, jobs, numbering, ratelimit, receipts, schedules, tenants, undo
from recore.sales import models as sales
from recore.stock import models as stock
from recore.sync import models as sync

__all__ = [
    "accounts", "audit", "buyin", "catalog", "categories", "commands", "identity", "imports", "jobs", "listings", "numbering", "orders", "photos",
    "ratelimit", "receipts", "sales", "schedules", "stock", "sync", "tenants", "undo",
]  # fmt: skip
