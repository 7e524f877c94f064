"""What the pages stand on: settings, the queue with the run history, and the templates, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

from assistant.journal import Journal
from assistant.settings import Settings
from web.rendering import Pages

if TYPE_CHECKING:
    from assistant.dispatch.queue import Queue
    from web.accounts.store import Accounts


@dataclass(frozen=True)
class Site:
    """One server's parts; a request reaches it through `site_of`."""

    settings: Settings
    queue: Queue
    accounts: Accounts
    pages: Pages

    @property
    def journal(self) -> Journal:
        """The run history."""
        return self.queue.journal


def site_of(request: Request) -> Site:
    """The site that serves this request."""
    return cast(Site, request.app.state.site)
