"""A chat answer's text, read as files: `read`, its inverse `render`, and `join` for answers that were cut.

There is no way to delete a file in an answer, and none is needed: a draft says
what there is, and a file that an answer does not name stays as it was.
"""

from __future__ import annotations

from evaluators.answer.joining import join
from evaluators.answer.reading import read
from evaluators.answer.value import Answer, Truncation, normal
from evaluators.answer.writing import render

__all__ = ["Answer", "Truncation", "join", "normal", "read", "render"]
