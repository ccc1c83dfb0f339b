"""What a marketplace's API says of a form before anything is sent: products of its catalogue, restrictions, its own preview.

Every function here asks the marketplace; no transaction may be open.
"""

from __future__ import annotations

from collections.abc import Mapping

from recore.accounts import api_keys
from recore.accounts.api_keys import Counter
from recore.channels.base import FieldProblem, Severity
from recore.channels.offer_api import CatalogItem, Operation
from recore.listings.forms import Form
from recore.platform.errors import RecoreError, Retryable

MOST_WORDS = 200


def find(counter: Counter, account_id: int, seller_id: str, text: str) -> list[CatalogItem]:
    """By JAN, product number, or words. Raises what the API raises."""
    asked = text.strip()[:MOST_WORDS]
    return api_keys.ask(
        counter, account_id, seller_id, Operation.FIND, lambda seller: counter.api.find(seller, asked)
    )


def check(counter: Counter, form: Form) -> list[FieldProblem]:
    """Of a form that is valid here: why the marketplace would refuse it. Raises what the API raises."""
    account, values = form.account, form.values
    found = api_keys.ask(
        counter, account.id, account.store_id, Operation.RESTRICTIONS,
        lambda seller: counter.api.restrictions(seller, values),
    )  # fmt: skip
    if found:
        return found
    return api_keys.ask(
        counter, account.id, account.store_id, Operation.CHECK,
        lambda seller: counter.api.check(seller, str(values["management_number"]), values),
    )  # fmt: skip


def refusals(counters: Mapping[str, Counter], forms: list[Form]) -> list[tuple[str, FieldProblem]]:
    """Before 【出品】: per account what would be refused. A marketplace that does not answer now decides later, in the job; one
    that does not let us in is a reason of its own.
    """
    found: list[tuple[str, FieldProblem]] = []
    for form in forms:
        if not form.by_api or has_errors(form):
            continue
        try:
            problems = check(counters[form.account.channel], form)
        except Retryable:
            continue
        except RecoreError as error:
            problems = [FieldProblem("account", "出品先", error.message, error.remedy or "")]
        found += [(form.account.name, each) for each in problems if each.severity is Severity.ERROR]
    return found


def has_errors(form: Form) -> bool:
    """Whether it is refused here already."""
    return any(each.severity is Severity.ERROR for each in form.problems)
