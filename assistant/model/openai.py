"""The live backend: any OpenAI-compatible endpoint, streamed, through the `openai` client."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx2
import openai

from assistant.model.base import Completion, Delta
from assistant.model.context import Context
from assistant.model.endpoint import Endpoint, Parameters, cost_of, endpoint_of
from assistant.model.failure import failure_of
from assistant.model.retry import Waiting
from assistant.model.wire import Answer, chat_pieces, responses_pieces, whole_chat, whole_response
from assistant.prompt import Prompt
from assistant.settings import Settings

# The client logs whole requests at DEBUG when OPENAI_LOG is set; prompts are not for logs.
logging.getLogger("openai").setLevel(logging.WARNING)

SENT = frozenset({"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"})
"""The request headers that reach an endpoint, besides Authorization with the key chosen for it."""


class OpenAIModel:
    """Answers prompts from an endpoint. A client lives for one request, so any event loop will do.

    `transport` stands in for the network (a recording), `notify` hears of waits,
    `sleep` and `chance` are for tests.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        origin: str = "live",
        notify: Callable[[Waiting], None] = lambda waiting: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = endpoint
        self._transport = transport
        self._origin = origin
        self._notify = notify
        self._sleep = sleep
        self._chance = chance
        self.parameters = endpoint.parameters
        """What is sent; adapted when the endpoint refuses a part of it."""

    @property
    def name(self) -> str:
        """The model's name as it is asked for."""
        return self._endpoint.parameters.model

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """Yield deltas, then the Completion. Raises a ModelError after all retries."""
        began, waited, attempt = time.perf_counter(), 0.0, 0
        while True:
            answer, fresh = Answer(), attempt > 0
            try:
                async with aclosing(self._attempt(prompt, answer)) as pieces:
                    async for text in pieces:
                        yield Delta(text, fresh)
                        fresh = False
                break
            except openai.BadRequestError as error:
                adapted = self.parameters.adapted(str(error.message))
                if adapted is None:
                    raise failure_of(error, self._endpoint).error from None
                self.parameters = adapted
            except Exception as error:
                attempt += 1
                waited += await self._wait(error, attempt, waited)
        yield self._completion(answer, time.perf_counter() - began)

    async def _wait(self, error: Exception, attempt: int, waited: float) -> float:
        """Wait before a retry and return how long; raise our error where none is left."""
        failure = failure_of(error, self._endpoint)
        policy = self._endpoint.retries
        seconds = policy.wait(attempt, waited, failure.after, self._chance) if failure.passing else None
        if seconds is None:
            raise failure.error from None
        self._notify(Waiting(failure.reason, seconds, attempt, policy.most))
        await self._sleep(seconds)
        return seconds

    async def _attempt(self, prompt: Prompt, answer: Answer) -> AsyncGenerator[str, None]:
        """Ask once; the texts as they come, taken into `answer`."""
        async with self._client() as client:
            opened = await self._open(client, self.parameters, prompt)
            try:
                of_responses = self.parameters.api == "responses"
                if _is_json(opened.response):
                    # The server ignored `stream` and sent the whole.
                    data = json.loads(await opened.response.aread())
                    yield (whole_response if of_responses else whole_chat)(data, answer)
                    return
                pieces = (responses_pieces if of_responses else chat_pieces)(opened, answer)
                async with aclosing(pieces):
                    async for text in pieces:
                        yield text
            finally:
                await opened.close()

    async def _open(self, client: openai.AsyncOpenAI, parameters: Parameters, prompt: Prompt) -> Any:
        """Send the request; the client library's stream. The body is exactly `parameters.body`."""
        body: Any = parameters.body(prompt.as_messages())
        if parameters.api == "responses":
            return await client.responses.create(**body)
        return await client.chat.completions.create(**body)

    def _client(self) -> openai.AsyncOpenAI:
        """A client that sends our key to our endpoint, and nothing else of the environment's."""
        endpoint = self._endpoint
        http = httpx2.AsyncClient(
            transport=self._transport,
            timeout=httpx2.Timeout(endpoint.timeout, connect=endpoint.connect_timeout),
            # A redirect would carry the prompt to a host that nobody named.
            follow_redirects=False,
            # A proxy of the environment cannot reach this machine's own loopback.
            trust_env=not endpoint.is_local,
            event_hooks={"request": [self._only_ours]},
        )
        return openai.AsyncOpenAI(
            base_url=endpoint.base_url, api_key=endpoint.key.reveal(), admin_api_key="", max_retries=0, http_client=http
        )

    async def _only_ours(self, request: httpx2.Request) -> None:
        """Keep what the request needs. The client adds headers from its environment (OPENAI_ORG_ID,

        OPENAI_CUSTOM_HEADERS), which may hold credentials meant for another endpoint.
        """
        for name in list(request.headers):
            if name.lower() not in SENT:
                del request.headers[name]
        request.headers["authorization"] = f"Bearer {self._endpoint.key.reveal()}"

    def _completion(self, answer: Answer, seconds: float) -> Completion:
        """The finished answer as a value; its cost from the endpoint, else from the settings' prices."""
        usage = answer.usage
        if usage.cost_usd is None:
            prices = self._endpoint.prices
            price = prices.get(self.name) or prices.get(answer.model or "")
            usage = replace(usage, cost_usd=cost_of(usage, price))
        return Completion(
            text=answer.text,
            model=answer.model or self.name,
            finish_reason=answer.finish or "stop",
            usage=usage,
            seconds=seconds,
            origin=self._origin,
        )


def _is_json(response: httpx2.Response) -> bool:
    """Whether the endpoint sent one JSON document instead of a stream."""
    return response.headers.get("content-type", "").split(";")[0].strip().lower().endswith("json")


def open_model(settings: Settings, context: Context) -> OpenAIModel:
    """The model that the settings name. Raises SettingsError."""
    return OpenAIModel(endpoint_of(settings, context.trust), notify=context.notify)
