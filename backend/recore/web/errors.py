"""How errors leave the house: problem+json for the APIs, a Japanese page (or htmx fragment) for people."""

from __future__ import annotations

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.sansio.response import Response as SansIoResponse

from recore.platform.errors import RecoreError

log = structlog.get_logger(__name__)

HTTP_MESSAGES = {
    400: ("リクエストを読み取れませんでした。", "前の画面に戻って、もう一度操作してください。"),
    404: ("ページが見つかりません。", "メニューから選び直してください。"),
    405: ("この操作はできません。", "メニューから選び直してください。"),
    413: ("ファイルが大きすぎます。", "小さいファイルに分けて、もう一度アップロードしてください。"),
    415: ("この形式のデータは受け付けていません。", "画面から操作し直してください。"),
}


def install(app: Flask) -> None:
    app.register_error_handler(RecoreError, _ours)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _ours(error: RecoreError) -> Response:
    return _answer(error)


def _csrf(error: CSRFError) -> Response:
    return _answer(
        _HttpProblem(
            400, "CSRF", "画面の有効期限が切れました。", "画面を開き直して、もう一度操作してください。"
        )
    )


def _http(error: HTTPException) -> Response | SansIoResponse:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code == 405 and request.method == "GET" and not wants_json() and (above := _page_above()):
        return redirect(request.script_root + above)
    message, remedy = HTTP_MESSAGES.get(code, ("処理できませんでした。", "もう一度操作してください。"))
    if isinstance(error, RequestEntityTooLarge):
        code = 413
    response = _answer(_HttpProblem(code, f"HTTP_{code}", message, remedy))
    if code == 405 and error.get_headers():
        response.headers.extend({k: v for k, v in error.get_headers() if k == "Allow"})
    return response


def _page_above() -> str | None:
    """Where a refused form's own address is opened again (a reload, a bookmark): the page that the form belongs to."""
    adapter, path = current_app.create_url_adapter(request), request.path
    while adapter is not None and (path := path.rpartition("/")[0]):
        if adapter.test(path, method="GET"):
            return path
    return None


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", path=request.path, method=request.method)
    return _answer(
        _HttpProblem(
            500,
            "UNEXPECTED",
            "サーバーで問題が起きました。入力した内容は保存されていない可能性があります。",
            "少し待ってからもう一度操作し、続くときは運用者に知らせてください。",
        )
    )


class _HttpProblem(RecoreError):
    def __init__(self, status: int, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy=remedy)
        self.status = status


def _answer(error: RecoreError) -> Response:
    if wants_json():
        response = jsonify(error.as_problem())
        response.mimetype = "application/problem+json"
    elif request.headers.get("HX-Request"):
        response = Response(render_template("_problem.html", error=error))
        response.headers["HX-Retarget"] = "#flash"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = Response(render_template("error.html", error=error))
    response.status_code = error.status
    return response
