"""ホーム: what waits to be done, and how the marketplaces are."""

from __future__ import annotations

from flask import Blueprint, render_template

from recore.accounts.health import to_do
from recore.home import queries
from recore.listings import unsold
from recore.listings.rules import ListingState
from recore.platform.db import db
from recore.web.access import may, signed_in

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@signed_in
def index() -> str:
    session = db.session()
    return render_template(
        "home/index.html",
        waiting=queries.waiting(session),
        came_back=unsold.counts(session).get(ListingState.ENDED, 0) if may("ec.read") else 0,
        accounts=queries.accounts(session) if may("ec.read") else [],
        to_do=to_do,
    )


@bp.get("/nav/counts")
@signed_in
def counts() -> str:
    """The figures of the menu, each put beside its link by htmx."""
    return render_template("home/_counts.html", waiting=queries.waiting(db.session()))
