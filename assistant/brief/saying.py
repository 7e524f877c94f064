"""A Brief as the sentence of the formula; `parse(say(brief)) == brief`."""

from __future__ import annotations

from assistant.brief.parsing import parse
from assistant.brief.slots import Brief
from assistant.brief.terms import vocabulary
from assistant.errors import BriefError

_NOUN = {
    "service": "a service",
    "endpoint": "an endpoint",
    "middleware": "a middleware",
    "model": "a model",
    "test": "a test",
    "webhook": "a webhook",
    "job": "a background job",
    "refactoring": "a refactoring",
}


def say(brief: Brief) -> str:
    """The sentence: what was defaulted stays unsaid, and the action is quoted where its own words would be read."""
    plain = _sentence(brief, brief.action)
    try:
        if parse(plain) == brief:
            return plain
    except BriefError:
        pass  # the action's words contradict the slots; quoted, they are only text
    escaped = brief.action.replace("\\", "\\\\").replace('"', '\\"')
    return _sentence(brief, f'"{escaped}"')


def _sentence(brief: Brief, action: str) -> str:
    framework = "" if "framework" in brief.defaulted else f"{brief.framework} "
    wanted = "" if "kind" in brief.defaulted else f"to create {_NOUN[brief.kind]} "
    parts = [f"Write {framework}code {wanted}for {action}"]
    chosen = _listed([text for text in (_authentication(brief), _validation(brief), _database(brief)) if text])
    if chosen:
        parts.append(f"with {chosen}")
    if brief.tools:
        named = _listed([vocabulary().term("tools", tool).spoken for tool in brief.tools])
        parts.append(f"using {named}")
    if "style" not in brief.defaulted:
        parts.append(f"as {vocabulary().term('style', brief.style).spoken} API")
    if "level" not in brief.defaulted:
        parts.append(f"at {brief.level} level")
    return ", ".join(parts) + "."


def _authentication(brief: Brief) -> str:
    return (
        "" if "authentication" in brief.defaulted else _noun("authentication", brief.authentication, "authentication")
    )


def _validation(brief: Brief) -> str:
    return "" if "validation" in brief.defaulted else _noun("validation", brief.validation, "validation")


def _database(brief: Brief) -> str:
    if "database" in brief.defaulted:
        return ""
    return "Supabase database" if brief.supabase else _noun("database", brief.database, "database")


def _noun(slot: str, value: str, noun: str) -> str:
    spoken = vocabulary().term(slot, value).spoken
    return spoken if value == "none" or spoken.lower().endswith(noun) else f"{spoken} {noun}"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
