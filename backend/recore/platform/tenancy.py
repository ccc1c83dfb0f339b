"""Which tenant the running code may touch (architecture rule 10).

A tenant is bound for the length of a request, a job or a command. ORM statements get `tenant_id = …` added;
every other statement on a tenant table is refused unless a tenant is bound *and* the statement names `tenant_id`.
`system_scope()` lifts this for the few cross-tenant reads (routing a host to its tenant, polling jobs, migrations).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SYSTEM = 0

_bound: ContextVar[int | None] = ContextVar("recore_tenant", default=None)


class TenantMissing(RuntimeError):
    """A statement on a tenant table without a bound tenant: a programming error, never shown as data."""


def bound_tenant() -> int | None:
    """The bound tenant's id, SYSTEM inside `system_scope()`, None outside every scope."""
    return _bound.get()


def require_tenant() -> int:
    tenant = _bound.get()
    if tenant is None or tenant == SYSTEM:
        raise TenantMissing("no tenant is bound")
    return tenant


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[None]:
    """Bind `tenant_id` (> 0). Scopes nest only with the same tenant."""
    outer = _bound.get()
    if tenant_id <= 0 or (outer not in (None, SYSTEM, tenant_id)):
        raise TenantMissing(f"tenant {tenant_id} cannot be bound inside {outer}")
    mark = _bound.set(tenant_id)
    try:
        yield
    finally:
        _bound.reset(mark)


@contextmanager
def system_scope() -> Iterator[None]:
    """For reads and writes that belong to no tenant or to all; keep it as short as possible."""
    mark = _bound.set(SYSTEM)
    try:
        yield
    finally:
        _bound.reset(mark)
