"""`backwright web`: the pages and the JSON API on this machine, with workers beside them."""

from __future__ import annotations

import ipaddress
import socket
from typing import Annotated

import typer

from assistant.errors import UsageError

web = typer.Typer(help="Serve the web UI.", invoke_without_command=True)

PORT = 8420


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    from web.accounts.cli import user

    web.add_typer(user, name="user")
    app.add_typer(web, name="web")


@web.callback()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen at; beyond loopback, accounts must exist.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes a free one.")] = PORT,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Runs at the same time; 0: `backwright worker` runs.")
    ] = 2,
    behind_https: Annotated[
        bool, typer.Option("--behind-https", help="A proxy on this machine speaks HTTPS for it and sets X-Forwarded-*.")
    ] = False,
) -> None:
    """Serve the pages at http://127.0.0.1:8420, and advance queued runs.

    Without accounts it answers this machine alone; `backwright web user add NAME --role admin` makes the first.
    """
    if context.invoked_subcommand is not None:
        return
    import uvicorn

    from assistant.dispatch.pool import Pool
    from assistant.settings import load
    from web.app import create_app, opened

    settings = load()
    with opened(settings) as site:
        if not is_loopback(host) and not site.accounts.exist():
            raise UsageError(
                f"--host {host}: without accounts the pages are for this machine alone",
                "make the first account: backwright web user add NAME --role admin",
            )
        listener = _listener(host, port)
        typer.echo(f"backwright serves http://{_shown(host)}:{listener.getsockname()[1]} (stop with Ctrl-C)")
        configuration = uvicorn.Config(
            create_app(site),
            log_level="warning",
            server_header=False,
            proxy_headers=behind_https,
            forwarded_allow_ips="127.0.0.1" if behind_https else "",
            # Watchers hold their connections open for as long as a run takes.
            timeout_graceful_shutdown=3,
        )
        with Pool(settings, size=workers):
            uvicorn.Server(configuration).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether an address to listen at is this machine's own alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listener(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError where the address is taken or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(f"--host {host} --port {port}: {error.strerror or error}", "take another --port") from None


def _shown(host: str) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
