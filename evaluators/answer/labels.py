"""Which file a fence is: the path in its info string, above it, or in its first line."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

LANGUAGES = {
    "python": (".py", ".pyi"),
    "sql": (".sql",),
    "yaml": (".yaml", ".yml"),
    "json": (".json",),
    "toml": (".toml", ".lock"),
    "markdown": (".md", ".mdx", ".markdown"),
    "sh": (".sh", ".bash"),
    "ini": (".ini", ".cfg", ".conf"),
    "javascript": (".js", ".mjs", ".cjs"),
    "typescript": (".ts", ".tsx"),
    "html": (".html", ".htm", ".j2"),
    "css": (".css",),
    "dockerfile": (),
    "diff": (".diff", ".patch"),
    "text": (),
}
"""Our name of a language -> suffixes that only it has."""

_ALIASES = {
    **dict.fromkeys(("py", "python3", "pyi", "py3"), "python"),
    **dict.fromkeys(("postgresql", "postgres", "psql", "pgsql", "plpgsql", "tsql", "sqlite", "mysql", "ddl"), "sql"),
    **dict.fromkeys(("yml", "openapi"), "yaml"),
    **dict.fromkeys(("jsonc", "json5"), "json"),
    **dict.fromkeys(("md", "mdx", "gfm"), "markdown"),
    **dict.fromkeys(("bash", "shell", "zsh", "console", "shell-session", "terminal", "powershell", "cmd", "bat"), "sh"),
    **dict.fromkeys(("cfg", "conf", "properties"), "ini"),
    **dict.fromkeys(("js", "node", "mjs"), "javascript"),
    **dict.fromkeys(("ts", "tsx"), "typescript"),
    **dict.fromkeys(("jinja", "jinja2", "django", "htmldjango"), "html"),
    **dict.fromkeys(("docker",), "dockerfile"),
    **dict.fromkeys(("patch", "udiff"), "diff"),
    **dict.fromkeys(("txt", "plaintext", "plain"), "text"),
}

NAMES = frozenset(
    [
        "dockerfile",
        "makefile",
        "license",
        "procfile",
        "readme",
        "justfile",
        "caddyfile",
        "pipfile",
        "containerfile",
        "notice",
        "authors",
    ]
)
"""Files that are known by a name without a suffix."""

_ATTRIBUTE = re.compile(
    r"""(?:^|[\s{,])(title|file|filename|file_name|filepath|file_path|path|name)\s*[=:]\s*"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s,}]+))""",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9_-]{0,15}$|\.[A-Za-z0-9_-]+\.[A-Za-z0-9]{1,8}$")
_CITED = re.compile(r"^\d+(?:[-:]\d+)?:")
_PARTIAL = re.compile(r"\b(lines?|excerpt|snippet|partial|example|fragment)\b", re.IGNORECASE)

_OPEN = re.compile(
    r"^(?:[\s#*>`\"'“‘\[(|\-=]|//|--|/\*|<!--|;;|\d{1,3}[.)]\s|[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f])+"
)
_CLOSE = re.compile(r"[\s#*`\"'”’\]|:=>/-]+$")
_WORD = re.compile(
    r"^(?:(?:file|filename|file name|filepath|file path|path|new file|create|created|update|updated|"
    r"modified|new|step \d+)\b[\s:*`]*)+",
    re.IGNORECASE,
)
_REMARK = re.compile(r"[*`]*\s*(?:\((?P<inner>[^()]*)\)|(?:[-–—]|:)\s+\S.*)$")
_SPAN = re.compile(r"`([^`]+)`|\*\*([^*`]+)\*\*")
_SNIPPET = re.compile(
    r"\b(add|append|insert|import|run|change|replace|modify|after|before|example|e\.g\.|like|such as|"
    r"should|would|could|output|returns?|line|lines|snippet|excerpt|inside|execute|test it)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|--|/\*+|<!--|;+|%+|\{#|\"\"\"|''')")

LONGEST = 700
"""Longest line or info string, in characters, that is looked at for a path."""


@dataclass(frozen=True)
class Label:
    """A path that a fence was given; `line` is the number of leading lines that only said so and are no text."""

    path: str
    from_info: bool = False
    drop: int = 0


def language(info: str) -> str:
    """Our name of the language that an info string begins with; empty when there is none."""
    word = re.split(r"[\s:{,=]", info.strip().lstrip("{").lstrip("."), maxsplit=1)[0].lower()
    word = _ALIASES.get(word, word)
    return word if word in LANGUAGES else ""


OTHER = "other"
"""Any language that we have no name for: `mermaid`, `http`, `rust`."""


def tongue(info: str) -> str:
    """`language`, but `other` where the info string begins with a word that we do not know."""
    return language(info) or (OTHER if info.strip() else "")


def language_of(path: str) -> str:
    """The language of a file's suffix; empty when the suffix does not tell."""
    pure = PurePosixPath(path.replace("\\", "/").lower())
    if pure.name.startswith(("dockerfile", "containerfile")):
        return "dockerfile"
    return next((name for name, suffixes in LANGUAGES.items() if pure.suffix in suffixes), "")


def agree(fence: str, path: str) -> bool:
    """Whether a fence of the tongue `fence` may hold the file `path`; a fence without one may hold any."""
    of_path = language_of(path)
    if fence == "sh":
        return of_path in ("sh", "dockerfile", "") and not path.lower().endswith((".txt", ".env"))
    if fence == OTHER:
        return of_path in ("", "ini", "html")
    if not fence or not of_path:
        return True
    return fence == of_path or {fence, of_path} <= {"json", "javascript", "typescript", "yaml"}


def is_path(word: str) -> bool:
    """Whether a single word is meant as a file's path, safe or not."""
    if not word or len(word) > 600 or any(mark in word for mark in '`"<>|*?{}()=,;') or "://" in word:
        return False
    if word.lower() in NAMES:
        return True
    if word.endswith(("/", "\\", ".", ":")) or word.startswith("@"):
        return False
    if "/" in word or "\\" in word:
        return re.search(r"[^\W_]", word) is not None
    if re.fullmatch(r"\.[A-Za-z][\w.-]*", word):
        return True
    return _SUFFIX.search(word) is not None and not re.fullmatch(r"v?\d+(\.\d+)*", word)


def of_info(info: str) -> Label | None:
    """The path that an info string holds, by every convention that is in use.

    `python app/a.py`, `app/a.py`, `python:app/a.py`, `python title="app/a.py"`,
    `{.python file=app/a.py}`, `python # app/a.py`.
    """
    info = info.strip()
    if not info or len(info) > LONGEST:
        return None
    named = _ATTRIBUTE.search(info)
    if named:
        key, *values = named.groups()
        value = next(group for group in values if group is not None)
        said = key.lower() not in ("title", "name") and values[2] is None and value.strip() != ""
        return Label(value, True) if said or is_path(value.replace(" ", "_")) else None
    words = [word for word in info.strip("{}").split() if word not in ("#", "//", "--", "-", ":", "<!--", "-->")]
    # `.env.example` is a path; `yaml example` says that the block is none.
    if not words or _PARTIAL.search(" ".join(word for word in words[1:] if not is_path(word))):
        return None
    for number, word in enumerate(words[:3]):
        if _CITED.match(word):
            return None
        head, colon, tail = word.partition(":")
        if colon and re.fullmatch(r"[A-Za-z0-9_+.#-]{2,20}", head) and is_path(tail):
            return Label(tail, True)
        word = word.strip("()[]'")
        if is_path(word) and not (number == 0 and word.lower() in NAMES):
            return Label(_with_spaces(words[number:]), True)
    return None


def _with_spaces(words: list[str]) -> str:
    """A path of several words (`app/a b.py`): when the first word has a folder and only the last a suffix."""
    if len(words) > 1 and "/" in words[0] and "." not in "".join(words[:-1]) and _SUFFIX.search(words[-1]):
        return " ".join(words)
    return words[0].strip("()[]'")


def of_name(info: str) -> Label | None:
    """`Dockerfile` as an info string: a file's name and a language; the weakest of all labels."""
    word = info.strip()
    return Label(word, True) if word.lower() in NAMES and word != word.lower() else None


@functools.lru_cache(maxsize=512)  # a line is asked about for every fence below it
def of_line(text: str) -> str:
    """The path, when the line says hardly more than a path: a heading, a bold line, `File: x`. Else empty."""
    text = text.strip()
    if len(text) > LONGEST:
        return ""
    spans: list[str] = [a or b for a, b in _SPAN.findall(text)]
    core = _OPEN.sub("", _CLOSE.sub("", text))
    core = _WORD.sub("", core)
    core = _OPEN.sub("", core)
    remark = _REMARK.search(core)
    if remark:
        core = core[: remark.start()]
    core = _CLOSE.sub("", core).strip()
    # `__init__.py` begins with what also marks bold text; only a pair of marks goes.
    if core.startswith("__") and core.endswith("__") and len(core) > 4:
        core = core[2:-2]
    if is_path(core) and " " not in core:
        return core
    if len(spans) == 1 and core.strip("*` ") == spans[0].strip("*` ") and is_path(spans[0].replace(" ", "_")):
        return spans[0].strip()
    return ""


def of_sentence(text: str) -> str:
    """The path of a sentence that announces one file (`The entry point, `app/main.py`:`). Else empty."""
    text = text.strip()
    if not text.rstrip("*").endswith(":") or len(text) > 200:
        return ""
    spans: list[str] = [(a or b).strip() for a, b in _SPAN.findall(text)]
    paths = [span for span in spans if is_path(span)]
    if len(paths) != 1 or _SNIPPET.search(_SPAN.sub("", text)):
        return ""
    return paths[0]


def of_content(content: str, fence: str) -> Label | None:
    """The path in the first line's comment (after a `#!` line), when the comment holds nothing else."""
    lines = content.split("\n", 2)
    number = 1 if lines[0].startswith("#!") and len(lines) > 1 else 0
    found = _COMMENT.match(lines[number])
    if not found:
        return None
    said = lines[number][found.end() :].strip()
    for end in ("*/", "-->", "#}", '"""', "'''"):
        said = said.removesuffix(end)
    path = of_line(said)
    if not path or not agree(fence, path):
        return None
    # JSON has no comments: the line said the name and is no part of the file.
    return Label(path, drop=1 if path.lower().endswith(".json") else 0)
