"""Where a live model is and how it is asked; light, so that replays share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import SettingsError
from assistant.model.base import Usage
from assistant.model.retry import Retries
from assistant.settings import Price, Secret, Settings
from assistant.trust import Trust, is_local, key_to_send


@dataclass(frozen=True)
class Parameters:
    """What goes into a request besides the messages."""

    model: str
    api: str = "chat"
    """`chat` (chat completions) or `responses`."""
    temperature: float | None = None
    max_tokens: int | None = None
    include_usage: bool = True
    """Whether `stream_options` asks for the usage; some servers refuse that."""
    max_tokens_key: str = "max_tokens"
    """Newer models of one provider want `max_completion_tokens`."""

    def as_dict(self) -> dict[str, Any]:
        """Every parameter that is not at its default, for a recording's metadata."""
        return {name: value for name, value in vars(self).items() if name == "model" or value != _DEFAULTS[name]}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Parameters:
        """The reverse; unknown names are ignored. Raises KeyError without a model."""
        known = {name: given[name] for name in _DEFAULTS if name in given}
        return cls(**{"model": given["model"], **known})

    def body(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        """The request's JSON body."""
        body: dict[str, Any] = {"model": self.model, "stream": True}
        if self.api == "responses":
            body["input"] = messages
            # Nothing of ours is to be kept by the provider longer than it must.
            body["store"] = False
        else:
            body["messages"] = messages
            if self.include_usage:
                body["stream_options"] = {"include_usage": True}
        if self.temperature is not None:
            body["temperature"] = self.temperature
        if self.max_tokens is not None:
            body["max_output_tokens" if self.api == "responses" else self.max_tokens_key] = self.max_tokens
        return body

    def adapted(self, complaint: str) -> Parameters | None:
        """Parameters that avoid what a 400 complains of, or None where nothing can be left out."""
        if (
            self.include_usage
            and self.api == "chat"
            and ("stream_options" in complaint or "include_usage" in complaint)
        ):
            return replace(self, include_usage=False)
        if self.max_tokens is not None and self.max_tokens_key == "max_tokens" and "max_tokens" in complaint:
            return replace(self, max_tokens_key="max_completion_tokens")
        return None


_DEFAULTS: dict[str, Any] = vars(Parameters(model=""))


@dataclass(frozen=True)
class Endpoint:
    """A base URL, the key for it, and how to ask. Times in seconds."""

    base_url: str
    key: Secret
    parameters: Parameters
    timeout: float = 600.0
    connect_timeout: float = 10.0
    retries: Retries = field(default_factory=Retries)
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return is_local(self.base_url)


def endpoint_of(settings: Settings, trust: Trust | None = None) -> Endpoint:
    """The endpoint that the settings name.

    Raises SettingsError: no model, no key, or an endpoint that is not trusted.
    """
    if not settings.model:
        raise SettingsError(
            "no model is named", "--model NAME, BACKWRIGHT_MODEL, or name under [model] in backwright.toml"
        )
    return Endpoint(
        base_url=settings.endpoint,
        key=Secret(key_to_send(settings, trust or Trust())),
        parameters=Parameters(settings.model, settings.api, settings.temperature, settings.max_tokens),
        timeout=settings.timeout,
        connect_timeout=settings.connect_timeout,
        retries=Retries(most=settings.retries, patience=settings.patience),
        prices=settings.prices,
    )


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """US dollars for the usage, or None where tokens or price are unknown."""
    if price is None or usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    cached = usage.cached_tokens if usage.cached_tokens is not None and price.cached is not None else 0
    fresh = max(0, usage.prompt_tokens - cached)
    return (fresh * price.prompt + cached * (price.cached or 0) + usage.completion_tokens * price.completion) / 1e6
