"""What create_app wired together, for pages, APIs and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from recore.channels.base import Channel
from recore.channels.offer_api import OfferApi
from recore.channels.order_api import OrderApi
from recore.platform.blobs import BlobStore
from recore.platform.crypto import Keyring
from recore.platform.jobs import JobRegistry
from recore.settings import Settings


@dataclass
class Services:
    settings: Settings
    keyring: Keyring
    blobs: BlobStore
    channels: Mapping[str, Channel]
    order_apis: Mapping[str, OrderApi]
    offer_apis: Mapping[str, OfferApi]
    jobs: JobRegistry = field(default_factory=JobRegistry)


def services() -> Services:
    """The services of the current application."""
    return cast(Services, current_app.extensions["recore"])
