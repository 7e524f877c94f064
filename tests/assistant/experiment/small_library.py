"""A small library in a folder, and recordings in it without a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vcr.request import Request

from assistant.experiment.first_prompts import first_prompt
from assistant.library import Library
from assistant.model.cassette import NEUTRAL, Label, Take, Tape, cassette_path
from assistant.model.endpoint import Parameters
from assistant.model.sse import spelled
from assistant.prompt import Prompt
from assistant.redact import Redactor

RECIPE = """\
id = "{id}"
version = "1"
title = "A title"
summary = "A summary."

[matches]
kind = ["endpoint"]

[[turns]]
name = "code"
template = "code.md.j2"
expects = ["schema.sql"]
stages = ["sql"]
"""
ARM = 'id = "short"\nversion = "1"\ntitle = "Short"\nsummary = "Shorter."\ntemplate = "ask.md.j2"\n'
TEMPLATE = "{% block user %}{% include 'parts/house.md.j2' %} Write: {{ brief.action }}{% endblock %}"
CASES = {"cars": "lists cars", "boats": "lists boats"}


def sentence(action: str) -> str:
    """A request that every recipe here is for."""
    return f"Write FastAPI code to create an endpoint that {action}"


def make(folder: Path, recipes: Mapping[str, Mapping[str, str]] | None = None) -> Path:
    """A library with a part, an arm `short`, and recipes with their cases (name -> action); its folder."""
    write(folder / "parts" / "house.md.j2", "Be brief.")
    write(folder / "arms" / "short" / "arm.toml", ARM)
    write(folder / "arms" / "short" / "ask.md.j2", "{% block user %}{{ brief.action }} for {{ of }}{% endblock %}")
    for name, cases in (recipes or {"list": CASES}).items():
        place = folder / "recipes" / name
        write(place / "recipe.toml", RECIPE.replace("{id}", name))
        write(place / "code.md.j2", TEMPLATE)
        for case, action in cases.items():
            write(place / "cases" / f"{case}.yaml", f"note: of a test\nsentence: {sentence(action)}\n")
    return folder


def write(file: Path, text: str) -> Path:
    """A file with its folders."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def prompt_of(folder: Path, recipe: str, case: str, arm: str = "recipe") -> Prompt:
    """The first prompt of a case as it is rendered now."""
    library = Library.load([folder])
    return first_prompt(library, recipe, library.get(recipe).cases[case].sentence, arm)


def held(
    folder: Path,
    recipe: str,
    case: str,
    sample: str = "1",
    arm: str = "recipe",
    answers: tuple[str, ...] = ("Here it is.",),
    **more: Any,
) -> Path:
    """A recording of the case's first prompt, as it is rendered now; `more` goes into its label."""
    prompt = prompt_of(folder, recipe, case, arm)
    said = Library.load([folder]).get(recipe).cases[case].sentence
    owner, shelf = (recipe, "recipes") if arm == "recipe" else (arm, "arms")
    path = cassette_path(folder / shelf, owner, case, sample)
    given = {"recipe": owner, "version": "1", "case": case, "sample": sample, "sentence": said, "model": "fake"}
    label = Label(**{**given, "budget": 4, "ended": "passed: all of it", **more})
    tape = Tape.load(path, recording=label, afresh=True)
    ended = tape.label.ended
    for number, answer in enumerate(answers):
        parameters = Parameters("fake")
        messages = [*prompt.as_messages(), {"role": "user", "content": f"round {number}"}][: None if number else -1]
        body = {**parameters.body(messages)}
        response = {"status": {"code": 200, "message": "OK"}, "headers": {"content-type": ["text/event-stream"]}}
        stream = spelled({"answer": answer, "model": "fake", "finish_reason": "stop"})
        fingerprint = prompt.fingerprint if not number else f"{number:064x}"
        take = Take(fingerprint, "code", number, "2026-11-22T00:00:00Z", 1.0, parameters.as_dict())
        request = Request("POST", f"{NEUTRAL}/chat/completions", json.dumps(body), {"content-type": "application/json"})
        tape.add(request, {**response, "body": {"string": stream}}, take, Redactor())
    if ended:
        tape.end(ended, Redactor())
    return path
