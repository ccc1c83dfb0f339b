"""The `recore` command for the operator."""

from __future__ import annotations

from pathlib import Path

import click
import waitress

from recore.app import create_app
from recore.demo import LOGIN_ID, PASSWORD, add_demo_shop
from recore.doctor import examine
from recore.migrations import upgrade
from recore.platform.jobs import ENGINE, JobEngine
from recore.platform.worker import EmbeddedEngine
from recore.settings import Settings

# Pages of a sync are about 1 MB: waitress would read them in 8 KB steps and through a file on disk (B1).
RECEIVE_BYTES = 1 << 16
BODY_BYTES_IN_MEMORY = 4 << 20


@click.group()
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Where database, photos and keys live (RECORE_DATA_DIR).",
)
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """Back office of a reuse shop."""
    settings = Settings.load()
    if data_dir is not None:
        settings = Settings(**{**settings.__dict__, "data_dir": data_dir})
    context.obj = settings


@main.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Create or upgrade the database and add the demo shop if there is none."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        added = add_demo_shop()
    click.echo(f"demo shop: login {LOGIN_ID} / {PASSWORD}" if added else "demo shop: already there")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.pass_obj
def serve(settings: Settings, host: str, port: int, threads: int) -> None:
    """Answer requests; with `engine = embedded` (the default) background jobs run in this process too."""
    app = create_app(settings)
    engine = app.extensions[ENGINE]
    worker = engine.start(app, app.extensions["recore"].jobs) if isinstance(engine, EmbeddedEngine) else None
    click.echo(f"http://{host}:{port}")
    try:
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=threads,
            max_request_body_size=settings.max_sync_bytes,
            ident=None,
            recv_bytes=RECEIVE_BYTES,
            inbuf_overflow=BODY_BYTES_IN_MEMORY,
        )
    finally:
        if worker is not None:
            worker.stop()


@main.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Run background jobs, one at a time, as `engine` says; start one per core, on as many hosts as you like."""
    app = create_app(settings)
    engine: JobEngine = app.extensions[ENGINE]
    click.echo(f"recore worker: {settings.engine}")
    engine.work(app, app.extensions["recore"].jobs)


@main.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check the database, the broker and whether jobs are done; fails when something is not well."""
    app = create_app(settings)
    found = examine(app, app.extensions[ENGINE])
    for what, problem in found:
        click.echo(f"{'ok ' if problem is None else 'BAD'}  {what}{': ' + problem if problem else ''}")
    if any(problem for _, problem in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
