"""Tracebacks are told by the draft's own lines, with nothing of the machine."""

from __future__ import annotations

from evaluators.draft import Draft
from evaluators.service.traces import canonical, traces

DRAFT = Draft.of({"app/main.py": "import os\n\nx = os.environ['A']\n", "app/db.py": "def f():\n    return 1 / 0\n"})
LOG = """INFO:     Started server process [7]
Traceback (most recent call last):
  File "/var/cache/x/lib/python3.11/site-packages/uvicorn/main.py", line 3, in run
    go()
  File "/app/app/main.py", line 3, in <module>
    x = os.environ['A']
        ~~~~~~~~~~^^^^^
  File "<frozen os>", line 679, in __getitem__
KeyError: 'A'
INFO:     again
ERROR:    Exception in ASGI application
  + Exception Group Traceback (most recent call last):
  |   File "/usr/lib/python3/x.py", line 1, in f
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/app/db.py", line 2, in f
    |     return 1 / 0
    | ZeroDivisionError: division by zero
    +------------------------------------

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/app/db.py", line 2, in f
    return 1 / 0
ZeroDivisionError: division by zero
pydantic_core._pydantic_core.ValidationError: not part of it
Traceback (most recent call last):
  File "/app/app/main.py", line 1, in <module>
pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings
secret
  Field required [type=missing]
    For further information visit https://errors.pydantic.dev/2/v/missing
"""


def test_a_trace_is_its_error_and_the_innermost_own_line() -> None:
    found = traces(LOG, DRAFT)
    told = [(each.error, each.message, str(each.at)) for each in found if each.frames]
    assert told[0] == ("KeyError", "'A'", "app/main.py:3")
    assert ("ZeroDivisionError", "division by zero", "app/db.py:2") in told
    assert told[-1] == (
        "ValidationError",
        "2 validation errors for Settings\nsecret\nField required [type=missing]",
        "app/main.py:1",
    )


def test_a_trace_is_told_with_the_source() -> None:
    told = traces(LOG, DRAFT)[0].told(DRAFT)
    assert told == "app/main.py:3 in <module>\n    x = os.environ['A']\nKeyError: 'A'"


def test_a_log_without_a_traceback_has_none() -> None:
    assert traces("", DRAFT) == ()
    assert traces("ERROR: Error loading ASGI app.\n", DRAFT) == ()
    assert traces("Traceback (most recent call last):\n  cut", DRAFT) == ()


def test_a_service_started_in_a_folder_is_told_from_the_project() -> None:
    draft = Draft.of({"backend/app/x.py": "1\n"})
    log = 'Traceback (most recent call last):\n  File "/app/backend/app/x.py", line 1, in <module>\nKeyError: 1\n'
    relative = log.replace("/app/backend/", "")
    assert [str(each.at) for each in traces(log, draft, "backend")] == ["backend/app/x.py:1"]
    assert [str(each.at) for each in traces(relative, draft, "backend")] == ["backend/app/x.py:1"]


def test_a_traceback_inside_a_json_log_is_read() -> None:
    inner = 'Traceback (most recent call last):\\n  File \\"/app/app/db.py\\", line 2, in f\\n    x\\nKeyError: \\"a\\"'
    found = traces('{"event": "failed", "exception": "' + inner + '", "level": "error"}\n', DRAFT)
    assert [(each.error, each.message, str(each.at)) for each in found] == [("KeyError", '"a"', "app/db.py:2")]


def test_canonical_text_has_nothing_of_the_machine() -> None:
    text = (
        "eyJhbGciOi.eyJzdWIi.abc at 127.0.0.1:41233 on 2026-11-21T09:58:13.706291+00:00 in /tmp/x/y.py 0x7f0012ab\x00"
    )
    assert canonical(text) == "$TOKEN at <host> on <time> in …/y.py <address>�"
    assert canonical("postgresql://app:app@127.0.0.1:5432/app down") == "$DATABASE_URL down"
