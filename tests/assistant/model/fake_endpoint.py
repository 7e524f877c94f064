"""A small OpenAI-compatible server on loopback whose answers a test scripts, one a request."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers the n-th request with the n-th step (the last step again and again)."""

    protocol_version = "HTTP/1.1"
    server: Endpoint
    body: dict[str, Any]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Take the request down and play its step."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.body = json.loads(raw)
        with self.server.lock:
            number = len(self.server.requests)
            self.server.requests.append({"path": self.path, "body": self.body, "headers": dict(self.headers)})
        steps = self.server.steps
        steps[min(number, len(steps) - 1)](self)

    def send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin_stream(self) -> None:
        """The head of a stream that ends with the connection."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Set-Cookie", "session=SESSION-COOKIE-VALUE")
        self.send_header("OpenAI-Organization", "org-ABCDEFGHIJKLMNOPQRSTUV")
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, data: Any) -> None:
        """One server-sent event."""
        text = data if isinstance(data, str) else json.dumps(data)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()


class Endpoint(ThreadingHTTPServer):
    """The server: `with Endpoint(step, ...) as endpoint: endpoint.url`."""

    daemon_threads = True

    def __init__(self, *steps: Step) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps = steps
        self.requests: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self.released = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def __enter__(self) -> Endpoint:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    """One chunk of a chat completions stream."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake-1"}
    return {**head, "choices": choices, **more}


def answers(text: str, *, finish: str = "stop", usage: dict[str, Any] | None = None, size: int = 5) -> Step:
    """A normal stream of `text`, with the usage when it was asked for and is given."""

    def step(handler: Handler) -> None:
        handler.begin_stream()
        handler.event(chunk({"role": "assistant", "content": ""}))
        for start in range(0, len(text), size):
            handler.event(chunk({"content": text[start : start + size]}))
        handler.event(chunk({}, finish))
        if usage is not None and handler.body.get("stream_options", {}).get("include_usage"):
            handler.event({**chunk({}), "choices": [], "usage": usage})
        handler.event("[DONE]")

    return step


def fails(status: int, message: str = "no", headers: dict[str, str] | None = None, **error: Any) -> Step:
    """An error in the API's shape."""

    def step(handler: Handler) -> None:
        data = json.dumps({"error": {"message": message, "type": "error", **error}}).encode()
        handler.send(status, data, {"Content-Type": "application/json", **(headers or {})})

    return step


def sends(data: bytes, content_type: str, status: int = 200) -> Step:
    """Any bytes at all."""
    return lambda handler: handler.send(status, data, {"Content-Type": content_type})


def streams(*events: Any) -> Step:
    """A stream of exactly these events, and then the end of the connection."""

    def step(handler: Handler) -> None:
        handler.begin_stream()
        for event in events:
            handler.event(event)

    return step


def breaks_off(text: str) -> Step:
    """Promises more bytes than it sends, and resets the connection."""

    def step(handler: Handler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.event(chunk({"content": text}))
        handler.connection.shutdown(socket.SHUT_RDWR)

    return step


def hangs(first: str = "") -> Step:
    """Sends `first`, then nothing until the test ends."""

    def step(handler: Handler) -> None:
        handler.begin_stream()
        if first:
            handler.event(chunk({"content": first}))
        handler.server.released.wait(10)
        time.sleep(0)

    return step


def refuses_stream_options(text: str) -> Step:
    """A server that knows no `stream_options`."""

    def step(handler: Handler) -> None:
        refusal = fails(400, "Unrecognized request argument supplied: stream_options")
        (refusal if "stream_options" in handler.body else answers(text))(handler)

    return step
