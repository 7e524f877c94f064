"""A draft as an answer in our own format: one fence a file, the path on the fence."""

from __future__ import annotations

import re

from evaluators.answer.labels import is_path, language_of, of_info
from evaluators.answer.value import normal
from evaluators.draft import Artifact, Draft

_RUN = re.compile(r"`{3,}|~{3,}")


def render(draft: Draft) -> str:
    """`draft` as text that `read` turns back into the same draft (of normalized texts)."""
    return "\n".join(_fenced(artifact) for artifact in draft)


def _fenced(artifact: Artifact) -> str:
    """One file: a fence longer than any run of its kind inside."""
    text = normal(artifact.text)
    mark = "~" if "`" in artifact.path else "`"
    longest = max((len(run) for run in _RUN.findall(text) if run[0] == mark), default=0)
    ticks = mark * max(3, longest + 1)
    return f"{ticks}{_info(artifact.path)}\n{text}{ticks}\n"


def _info(path: str) -> str:
    """`language path`, or `language path="..."` for a name that a plain word cannot carry."""
    tongue = language_of(path) or "text"
    info = f"{tongue} {path}"
    found = of_info(info)
    plainly = re.fullmatch(r"[\w./+-]+", path) is not None and is_path(path)
    if plainly and found is not None and found.path == path:
        return info
    return f'{tongue} path="{path}"'
