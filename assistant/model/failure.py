"""What went wrong at an endpoint, as one of our errors, and whether asking again can help."""

from __future__ import annotations

from dataclasses import dataclass

import openai

from assistant.errors import BackwrightError, ModelBusy, ModelError, ModelRefused, ModelUnreachable
from assistant.model.endpoint import Endpoint
from assistant.model.retry import retry_after
from assistant.model.wire import CutShort, Malformed, Withheld
from assistant.redact import Redactor

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses after which the same request may well succeed."""


@dataclass(frozen=True)
class Failure:
    """An error to raise when no retry is left, and what a retry needs to know."""

    error: BackwrightError
    passing: bool = False
    reason: str = ""
    """A few words for the screen while waiting."""
    after: float | None = None
    """Seconds that the endpoint asked for."""


def failure_of(error: Exception, endpoint: Endpoint) -> Failure:
    """The failure behind an exception of the client library or of our reading of the stream."""
    ours = _ours(error)
    if ours is not None:
        return Failure(ours)
    where = f"the endpoint {endpoint.base_url}"
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, endpoint, where)
    if isinstance(error, openai.APITimeoutError):
        return _of_timeout(error, endpoint, where)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, where)
    if isinstance(error, openai.APIError):
        # An error event in the middle of a stream: the status was 200 already.
        reason = _line(error.message, endpoint)
        return Failure(ModelBusy(f"{where} stopped in the middle of its answer: {reason}"), True, reason)
    if isinstance(error, CutShort):
        return Failure(ModelUnreachable(f"{where} broke off: {error}", "run `backwright resume`"), True, str(error))
    if isinstance(error, Withheld):
        return Failure(
            ModelError(f"{where} gave no whole answer: {_line(str(error), endpoint)}"), error.passing, "failed"
        )
    if isinstance(error, Malformed):
        return Failure(_not_the_api(where, str(error)))
    # The stream is hostile input: whatever shape breaks the reading of it is the endpoint's fault.
    if isinstance(error, ValueError | TypeError | AttributeError | LookupError | RecursionError):
        return Failure(_not_the_api(where, "its stream cannot be read"))
    return Failure(ModelError(f"{where}: {type(error).__name__}: {_line(str(error), endpoint)}"))


def _ours(error: BaseException) -> BackwrightError | None:
    """An error of ours that the client library wrapped (a recording that lacks the request)."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BackwrightError):
            return seen
        seen = seen.__cause__
    return None


def _of_status(error: openai.APIStatusError, endpoint: Endpoint, where: str) -> Failure:
    """The failure behind an HTTP status."""
    status, said = error.status_code, _line(error.message, endpoint)
    model = endpoint.parameters.model
    if status in (401, 403):
        hint = "set another key as OPENAI_API_KEY, or see `backwright doctor` where the present one comes from"
        return Failure(ModelRefused(f"{where} refused the key ({status}): {said}", hint))
    if status == 404:
        hint = f"is {model!r} the model's name there, and does the base URL end in /v1?"
        return Failure(ModelRefused(f"{where} does not know the model {model!r} or the path (404): {said}", hint))
    if status == 429 and (error.code == "insufficient_quota" or error.type == "insufficient_quota"):
        return Failure(ModelBusy(f"{where} says that the account's quota is used up (429): {said}"))
    if status in RETRIED:
        words = "too many requests" if status == 429 else "is failing"
        hint = "wait a while, then `backwright resume`"
        after = retry_after(error.response.headers)
        asked = f", and asks to wait {after:.0f} s" if after else ""
        return Failure(ModelBusy(f"{where}: {words} ({status}){asked}: {said}", hint), True, f"{status} {words}", after)
    if 300 <= status < 400:
        return Failure(ModelError(f"{where} redirects elsewhere ({status})", "name the final base URL yourself"))
    return Failure(ModelError(f"{where} refused the request ({status}): {said}"))


def _of_timeout(error: openai.APITimeoutError, endpoint: Endpoint, where: str) -> Failure:
    """Connecting in vain is worth a retry; a long silence is not: the next would be as long."""
    if "Connect" in type(error.__cause__).__name__:
        message = f"{where} does not answer: no connection within {endpoint.connect_timeout:g} s"
        return Failure(
            ModelUnreachable(message, "is the base URL right, and the network there?"), True, "no connection"
        )
    message = f"{where} was silent for {endpoint.timeout:g} s"
    return Failure(ModelUnreachable(message, "raise timeout under [model], or BACKWRIGHT_TIMEOUT"))


def _of_connection(error: openai.APIConnectionError, where: str) -> Failure:
    """No connection, or one that broke."""
    cause = error.__cause__
    if cause is not None and any(word in type(cause).__name__ for word in ("RemoteProtocol", "Read", "Write")):
        message = f"{where} broke the connection off in the middle of its answer"
        return Failure(ModelUnreachable(message, "run `backwright resume`"), True, "the connection broke")
    detail = str(cause or error).split("\n", 1)[0][:200]
    hint = "is the server running and the base URL right?"
    return Failure(ModelUnreachable(f"{where} cannot be reached: {detail}", hint), True, "no connection")


def _not_the_api(where: str, detail: str) -> ModelError:
    """The endpoint answered, but not in the API."""
    return ModelError(f"{where} does not answer as an OpenAI-compatible API: {detail}", "does the base URL end in /v1?")


def _line(text: str, endpoint: Endpoint) -> str:
    """An endpoint's own words: one line, bounded, without the key that some echo."""
    words = " ".join(Redactor([endpoint.key.reveal()]).text(text).split())
    return words if len(words) <= 200 else words[:199] + "…"
