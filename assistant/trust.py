"""Which endpoints may get the user's key: never one that only a project's file named, until trusted."""

from __future__ import annotations

import ipaddress
import json
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.settings import Origin, Settings

NO_KEY = "no-key"
"""What is sent where no key is needed or none may be sent: clients insist on one."""


def data_folder() -> Path:
    """The user's data folder of backwright, whether or not it exists."""
    import platformdirs

    return Path(platformdirs.user_data_dir("backwright"))


def normal(url: str) -> str:
    """A base URL as it is compared: lower-case scheme and host, explicit port, no last slash."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise SettingsError(f"not a URL: {url[:200]!r}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"not an http or https URL: {url[:200]!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"


def is_local(url: str) -> bool:
    """Whether the URL's host is this machine by name or loopback address."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Trust:
    """The base URLs that the user trusted, in a file that only the user can read."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path if path is not None else data_folder() / "trusted.json"

    def all(self) -> tuple[str, ...]:
        """Every trusted base URL, sorted. Raises SettingsError when the file is damaged."""
        try:
            urls = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise SettingsError(f"{self._path}: cannot be read: {error}", "mend or remove the file") from None
        if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
            raise SettingsError(f"{self._path}: must be a list of URLs", "mend or remove the file")
        return tuple(sorted(urls))

    def trusts(self, url: str) -> bool:
        """Whether exactly this base URL was trusted: the same scheme, host, port and path."""
        return normal(url) in self.all()

    def add(self, url: str) -> str:
        """Trust `url` from now on; returns it as it is compared."""
        wanted = normal(url)
        self._write({*self.all(), wanted})
        return wanted

    def remove(self, url: str) -> bool:
        """Trust `url` no longer; False when it was not trusted."""
        wanted, urls = normal(url), set(self.all())
        self._write(urls - {wanted})
        return wanted in urls

    def _write(self, urls: set[str]) -> None:
        """Replace the file in one step."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".trusted-")
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                json.dump(sorted(urls), opened, indent=1)
            Path(name).replace(self._path)
        except OSError as error:
            raise SettingsError(f"{self._path}: cannot be written: {error.strerror or error}") from None


def key_to_send(settings: Settings, trust: Trust) -> str:
    """The key for the settings' endpoint, or NO_KEY for a local one that needs none.

    Raises SettingsError when there is none, or when the user's key would go to an
    endpoint that only a project's file named.
    """
    url = settings.endpoint
    by_project = settings.base_url is not None and settings.source("base_url").origin is Origin.PROJECT
    # A key that the same project's file holds is the project's own to send.
    own = settings.api_key is not None and settings.source("api_key").origin is Origin.PROJECT
    if by_project and not own and not trust.trusts(url):
        if is_local(url):
            return NO_KEY
        where = settings.source("base_url").where
        message = f"{where} names the endpoint {url}, and you have not trusted it: your key was not sent"
        raise SettingsError(message, f"if you do: backwright trust {url}")
    if settings.api_key is not None:
        return settings.api_key.reveal()
    if is_local(url):
        return NO_KEY
    hint = "set OPENAI_API_KEY; an endpoint without keys takes any word, a local server needs none"
    raise SettingsError(f"no API key for {url}", hint)
