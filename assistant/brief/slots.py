"""The Brief: the formula's slots filled, silent ones with the recommended default.

Defaults, and why: FastAPI, PostgreSQL, level advanced and style REST always (a webhook's
style is webhook). Authentication is JWT for a service, and for an endpoint unless its
action is the way in (register, log in, reset a password) or a health check; a webhook is
authenticated by its sender's signature; a part (model, middleware, test, job,
refactoring) brings none of its own. Validation is the framework's usual one for what
reads bodies (service, endpoint, webhook), else none. A middleware has no database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from assistant.brief.terms import SLOTS, Term, Vocabulary, vocabulary
from assistant.errors import BriefError

MAX_SENTENCE = 20_000
"""Longest sentence, in characters."""

_READS_BODIES = ("service", "endpoint", "webhook")
_WAY_IN = re.compile(
    r"\b(regist(er|ers|ering|ration)|sign(s|ing)?[ -]?(up|in)|log(s|ging)?[ -]?in|log(s|ging)? .{0,30}\bin|"
    r"(forgot(ten)?|reset(s|ting)?).{0,30}password|password reset|health|readiness|ping)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(text: str, what: str = "the sentence") -> str:
    """`text` with runs of white space as one space.

    Raises:
        BriefError: control characters, direction marks that hide text, or lone surrogates.
    """
    flat = re.sub(r"[ \t\r\n\u2028\u2029]+", " ", text.removeprefix("\ufeff"))
    found = _CONTROL.search(flat)
    if found:
        raise BriefError(
            f"{what} holds the control character U+{ord(found[0]):04X} at position {found.start() + 1}",
            "type it again as plain text",
        )
    return " ".join(flat.split())


@dataclass(frozen=True)
class OneOf:
    """Marks a string as a value of a closed slot: aliases are taken too, and the JSON Schema has the enum."""

    slot: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words = vocabulary()
        return no_info_after_validator_function(lambda text: words.value(self.slot, text), handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": list(vocabulary().values(self.slot))}


class Brief(BaseModel):
    """What was asked, slot by slot. Two briefs are equal when their slots are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, OneOf("kind")]
    """What is wanted: service, endpoint, middleware, model, test, webhook, job or refactoring."""
    framework: Annotated[str, OneOf("framework")]
    action: Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE)]
    """What it shall do, with every word that was not understood."""
    authentication: Annotated[str, OneOf("authentication")]
    validation: Annotated[str, OneOf("validation")]
    database: Annotated[str, OneOf("database")]
    tools: tuple[Annotated[str, OneOf("tools")], ...] = ()
    """Tools that were named, sorted; never a default."""
    level: Annotated[str, OneOf("level")]
    style: Annotated[str, OneOf("style")]
    hosted: Literal["", "supabase"] = ""
    """Who hosts the database, where that matters for the schema."""
    defaulted: frozenset[str] = frozenset()
    """Slots that the sentence did not speak of."""
    sentence: Annotated[str, Field(max_length=MAX_SENTENCE)] = ""
    """The sentence as it was typed, on one line; no part of the brief's identity."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if clean(self.action, "the action") != self.action:
            raise ValueError("the action has white space at its ends or in runs")
        ordered = tuple(sorted(set(self.tools), key=lambda tool: (tool.casefold(), tool)))
        object.__setattr__(self, "tools", ordered)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Brief) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return (*(getattr(self, slot) for slot in SLOTS), self.hosted, self.defaulted)

    @property
    def language(self) -> str:
        """The framework's language: Python, Node.js, Go, Rust, Java or PHP."""
        return vocabulary().term("framework", self.framework).language

    @property
    def dialect(self) -> str:
        """The database's SQL dialect in sqlglot's names; empty where it speaks no SQL, postgres where there is none."""
        if self.database == "none":
            return "postgres"
        return vocabulary().term("database", self.database).dialect

    @property
    def supabase(self) -> bool:
        """True when Supabase hosts the PostgreSQL: row level security is expected."""
        return self.hosted == "supabase"

    @property
    def data_access(self) -> str:
        """The library that reaches the database: a tool that was named, else the framework's usual one, or nothing."""
        words = vocabulary()
        if self.database == "none":
            return ""
        named = [tool for tool in self.tools if words.term("tools", tool).data]
        if named:
            return named[0]
        usual = words.term("framework", self.framework).data
        fits = words.term("tools", usual).family in ("", words.term("database", self.database).family)
        return usual if fits else ""

    @property
    def rows(self) -> tuple[tuple[str, str, bool], ...]:
        """(slot, value as text, True when it is a recommended default), for the screen."""
        shown = []
        for slot in SLOTS:
            value = getattr(self, slot)
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            if slot == "database" and self.supabase:
                text += " (Supabase)"
            if slot == "tools" and not value:
                continue
            shown.append((slot, text, slot in self.defaulted))
            if slot == "database" and self.data_access:
                shown.append(("data access", self.data_access, self.data_access not in self.tools))
        return tuple(shown)

    @property
    def as_text(self) -> str:
        """Every slot on one line, defaults marked; for prompts."""
        return "; ".join(f"{slot}: {text}{' (default)' if silent else ''}" for slot, text, silent in self.rows)


def fill(said: Mapping[str, Any], sentence: str = "") -> Brief:
    """A brief from what was said, silent slots filled.

    Args:
        said: slot -> value (exact values of the vocabulary, or aliases); `tools` a
            sequence; also `hosted`. Empty values count as silent.

    Raises:
        BriefError: an unknown value, no action, or a contradiction.
    """
    words = vocabulary()
    given = {slot: value for slot, value in said.items() if value}
    unknown = sorted(set(given) - {*SLOTS, "hosted"})
    if unknown:
        raise BriefError(f"there is no slot {unknown[0]!r}", f"slots: {', '.join(SLOTS)}")
    action = clean(str(given.get("action", "")), "the action")
    if len(action) > MAX_SENTENCE or len(sentence) > MAX_SENTENCE:
        raise BriefError(f"the action is longer than {MAX_SENTENCE} characters")
    try:
        exact = {
            slot: words.value(slot, str(given[slot]))
            for slot in SLOTS
            if slot in given and slot not in ("action", "tools")
        }
        tools = tuple(words.value("tools", str(tool)) for tool in given.get("tools", ()))
    except ValueError as error:
        raise BriefError(str(error)) from error
    hosted = cast(Literal["", "supabase"], str(given.get("hosted", "")))
    exact |= _implied(words, exact, tools, hosted)
    silent = _defaults(words, exact, action)
    brief = Brief(
        **(silent | exact),
        action=action or "-",
        tools=tools,
        hosted=hosted,
        defaulted=frozenset(silent),
        sentence=sentence,
    )
    _refuse_contradictions(words, brief)
    if not action:
        raise BriefError(
            "the request does not say what to do",
            'for example: "Write FastAPI code to create an endpoint for booking rooms"',
        )
    return brief


def amend(brief: Brief, **said: Any) -> Brief:
    """`brief` with some slots said anew (an option's value, or None for none); silent ones are filled again.

    Raises:
        BriefError: as `fill`.
    """
    kept: dict[str, Any] = {slot: getattr(brief, slot) for slot in SLOTS if slot not in brief.defaulted}
    kept["hosted"] = brief.hosted
    new = {slot: value for slot, value in said.items() if value is not None}
    if new.get("database") and "hosted" not in new:
        term = vocabulary().aliases.get(str(new["database"]).lower(), (None,))[0]
        kept["hosted"] = term.hosted if term else ""
        new["database"] = term.value if term and term.slot == "database" else new["database"]
    return fill(kept | new, brief.sentence)


def _implied(words: Vocabulary, exact: Mapping[str, str], tools: tuple[str, ...], hosted: str) -> dict[str, str]:
    """What the said values decide about silent slots: an ORM its language's framework, Mongoose MongoDB."""
    implied: dict[str, str] = {}
    terms = [words.term("tools", tool) for tool in tools]
    if "validation" in exact:
        terms.append(words.term("validation", exact["validation"]))
    for term in terms:
        if term.frameworks:
            implied.setdefault("framework", term.frameworks[0])
        elif term.language:
            implied.setdefault("framework", words.framework_of(term.language))
        for slot in ("database", "authentication"):
            value = getattr(term, slot)
            if value:
                implied.setdefault(slot, value)
    if hosted:
        implied["database"] = "PostgreSQL"
    default = {"framework": "FastAPI"}
    return {slot: value for slot, value in implied.items() if slot not in exact and default.get(slot) != value}


def _defaults(words: Vocabulary, exact: Mapping[str, str], action: str) -> dict[str, str]:
    """The recommended value of each silent slot."""
    kind = exact.get("kind", "endpoint")
    framework = exact.get("framework", "FastAPI")
    usual = words.term("framework", framework).validation
    authentication = {"service": "JWT", "endpoint": "none" if _WAY_IN.search(action) else "JWT", "webhook": "signature"}
    defaults = {
        "kind": kind,
        "framework": framework,
        "authentication": authentication.get(kind, "none"),
        "validation": usual if kind in _READS_BODIES else "none",
        "database": "none" if kind == "middleware" else "PostgreSQL",
        "level": "advanced",
        "style": "webhook" if kind == "webhook" else "REST",
    }
    return {slot: value for slot, value in defaults.items() if slot not in exact}


def _refuse_contradictions(words: Vocabulary, brief: Brief) -> None:
    framework = words.term("framework", brief.framework)
    database = words.term("database", brief.database)
    tools = [words.term("tools", tool) for tool in brief.tools]
    for term in (*tools, words.term("validation", brief.validation)):
        if term.frameworks and framework.value not in term.frameworks:
            raise BriefError(
                f"{framework.value} does not go with {term.value}", f"{term.value} is for {', '.join(term.frameworks)}"
            )
        if term.language and term.language != framework.language:
            raise BriefError(
                f"{framework.value} is {framework.language}, {term.value} is {term.language}",
                f"for {framework.language}: {', '.join(_data_tools(words, framework))}",
            )
        if term.slot == "tools" and term.family and database.family and database.family != term.family:
            raise BriefError(f"{term.value} cannot reach {database.value}", "name one database, or another data access")
        if term.database and brief.database not in (term.database, "none"):
            raise BriefError(f"{term.value} is for {term.database}, not {brief.database}", "name another of the two")
    groups = {term.data: term.value for term in tools if term.data}
    if len(groups) > 1:
        raise BriefError(f"two ways to the database: {' and '.join(groups.values())}", "name one of them")
    if brief.supabase and brief.database != "PostgreSQL":
        raise BriefError(f"Supabase is PostgreSQL, not {brief.database}", "name one of the two")
    if "OAuth 2.0" in brief.tools and (brief.authentication != "JWT" or "authentication" in brief.defaulted):
        raise BriefError("OAuth 2.0 beside another authentication goes with JWT alone", "name one authentication")


def _data_tools(words: Vocabulary, framework: Term) -> list[str]:
    tools = [term for term in words.terms["tools"].values() if term.data and term.language == framework.language]
    return [term.value for term in tools if not term.frameworks or framework.value in term.frameworks]


def two_of(slot: str, terms: list[Term]) -> BriefError:
    """The error for two values of a slot that holds one."""
    names = " and ".join(dict.fromkeys(term.spoken if term.hosted else term.value for term in terms))
    return BriefError(
        f"the request names two values for {slot}: {names}",
        f'keep one; words in "double quotes" are taken as plain text, not as {slot}',
    )
