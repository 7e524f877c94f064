"""The address of a service that runs already: this machine's, unless somebody allowed another."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from evaluators.service.client import ask

CONTRACT = "/openapi.json"
"""Where a service is asked for its contract."""


class RemoteError(Exception):
    """An address that is none, or that nobody allowed; `hint` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def address(url: str, allowed_by: str) -> str:
    """`http://HOST:PORT` of a URL. Raises RemoteError for another machine's, unless somebody allowed it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise RemoteError("--url: no address of a service", "such as http://127.0.0.1:8000")
    if parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment:
        raise RemoteError("--url: more than an address", "the path is the contract's, who asks is [probes]'s")
    refuse_others(host, "--url", allowed_by)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def refuse_others(host: str, option: str, allowed_by: str) -> None:
    """Raise RemoteError for a host that is not this machine, unless somebody allowed it."""
    if not allowed_by.strip() and not is_loopback(host):
        hint = "the gate sends hostile requests and writes data: --allowed-by TEXT names who allowed that"
        raise RemoteError(f"{option}: {host} is not this machine", hint)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or number; no name is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


async def served_contract(url: str) -> str | None:
    """The text of the contract that a service serves, or None. A redirect is not followed."""
    answer = await ask(url, "GET", CONTRACT, seconds=20)
    said = answer.json() if answer.status == 200 else None
    return answer.body.decode("utf-8") if isinstance(said, dict) and "paths" in said else None
