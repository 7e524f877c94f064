"""Model backends: anything that turns a Prompt into a Completion.

    model = open_model(settings, Context(...))

A backend is one module with `open_model(settings, context) -> Model`, named by a
dotted path and loaded late. `backend` in the settings picks one of BACKENDS or names
another as `package.module:function`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.model.base import Model
    from assistant.model.context import Context
    from assistant.settings import Settings

BACKENDS = {
    "openai": "assistant.model.openai:open_model",
    "recorded": "assistant.model.replay:open_model",
    "by-hand": "assistant.model.manual:open_model",
    "scripted": "assistant.model.scripted:open_model",
}
"""Name -> dotted path of what opens it."""


def backend_of(settings: Settings) -> str:
    """The backend's name: `--model recorded` is short for the backend `recorded`."""
    return "recorded" if settings.model == "recorded" else settings.backend


def open_model(settings: Settings, context: Context | None = None) -> Model:
    """The model that the settings name, ready to be asked. Raises SettingsError."""
    from assistant.model.context import Context as Plain

    name = backend_of(settings)
    path = BACKENDS.get(name, name)
    module, separator, function = path.partition(":")
    if not separator:
        raise SettingsError(f"unknown backend {name!r}", f"one of {', '.join(BACKENDS)}, or package.module:function")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"the backend {name!r} cannot be loaded: {error}") from None
    return cast("Callable[[Settings, Context], Model]", found)(settings, context or Plain())
