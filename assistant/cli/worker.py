"""`backwright worker`: advances the runs that wait in the queue."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(worker)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Runs at the same time, each in a process.")] = 1,
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that a run may go on after SIGTERM; then it is given back.")
    ] = 30.0,
) -> None:
    """Take runs from the queue and advance each to its end, until SIGTERM or Ctrl-C.

    Any number of workers, on any number of machines, share the queue of one PostgreSQL history.
    """
    from assistant.settings import load

    settings = load()
    if concurrency == 1:
        from assistant.dispatch.worker import Worker

        typer.echo("waiting for runs")
        Worker(settings, grace=grace, said=typer.echo).serve()
        return
    _several(concurrency, grace)


def _several(concurrency: int, grace: float) -> None:
    """Worker processes until a signal comes."""
    import signal
    import threading

    from assistant.dispatch.pool import Pool
    from assistant.settings import load

    over = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: over.set())
    with Pool(load(), concurrency, grace=grace):
        typer.echo(f"{concurrency} workers wait for runs")
        over.wait()
