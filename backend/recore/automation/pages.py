"""自動処理: what waits, runs and has failed in the background, and what is done regularly."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from recore.automation import queries, service
from recore.platform import clock
from recore.platform.db import db, unit_of_work
from recore.platform.errors import Conflict
from recore.platform.jobs import JobState
from recore.web.access import current_actor, permission
from recore.web.forms import cursor
from recore.wiring import services

bp = Blueprint("automation", __name__, url_prefix="/settings/automation", template_folder="templates")

TABS = {"failed": JobState.FAILED, "waiting": JobState.QUEUED, "running": JobState.RUNNING}
ACTIONS = {
    "run-again": (service.run_again, "もう一度実行します"),
    "call-off": (service.call_off, "取りやめました"),
    "put-aside": (service.put_aside, "確認済みにしました"),
}


@bp.get("")
@permission("settings.manage")
def index() -> str:
    session = db.session()
    tab = request.args.get("tab", "failed")
    state = TABS.get(tab)
    return render_template(
        "automation/index.html",
        tab=tab if state else "regular",
        counts=queries.counts(session),
        page=queries.jobs(session, state, before=cursor(request.args)) if state else None,
        schedules=queries.schedules(session) if state is None else [],
        is_stopped=queries.seems_stopped(session, clock.now()),
        kinds=services().jobs.kinds,
        can_run_again=service.can_run_again,
        can_call_off=service.can_call_off,
    )


@bp.post("/<int:job_id>/<any('run-again', 'call-off', 'put-aside'):action>")
@permission("settings.manage")
def act(job_id: int, action: str) -> Response:
    change, done = ACTIONS[action]
    try:
        with unit_of_work(current_actor()) as uow:
            label = change(uow, services().jobs, job_id)
    except Conflict as error:  # somebody, or the worker, was faster
        flash(f"{error.message}{error.remedy}", "warning")
    else:
        flash(f"「{label}」を{done}。", "success")
    tab = "waiting" if action == "call-off" else "failed"
    return redirect(url_for(".index", tab=tab))
