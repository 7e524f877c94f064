"""Files that were shortened: `# ... rest unchanged`, `... existing code ...`."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"(?:#+|//+|--|/\*+|<!--|;+|%+|\(\*|\{#|\"\"\"|''')\s*(?P<said>.*)")
_END = re.compile(r"\s*(?:\*/|-->|\*\)|#\}|\"\"\"|''')$")
_ELLIPSIS = re.compile(r"^[\[({<]*\s*(?:\.{3,}|…)\s*(?P<after>.*)$|^(?P<before>.*?)\s*(?:\.{3,}|…)\s*[\])}>]*\.?$")
_LEFT_OUT = re.compile(
    r"\b(?:rest|existing|unchanged|same|previous|previously|remaining|remains?|omitted|as (?:is|before|above)|"
    r"no changes?|not shown|keep|other (?:code|fields|functions|methods|imports|routes|endpoints|models|tests)|"
    r"your (?:code|imports|routes|logic)|truncated|elided|for brevity)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"^[\[(]?(?:the )?(?:"
    r"(?:rest|remainder) of (?:the |this |your )?(?:\w+ ){0,2}(?:code|file|class|function|module|implementation|"
    r"imports|routes|models|tests|methods)(?: (?:here|unchanged|as before|above|omitted.*|"
    r"(?:is|are|remains?|stays?)\b.*))?"
    r"|(?:existing|previous|other|remaining) (?:\w+ )?(?:code|imports|routes|endpoints|methods|functions|models|tests) "
    r"(?:here|goes here|go here|unchanged|omitted.*|as before|(?:remains?|stays?) .*)"
    r"|(?:code |content )?omitted for brevity|same as (?:before|above)|unchanged"
    r")[\])]?\.?$",
    re.IGNORECASE,
)
_PROSE = (".md", ".mdx", ".markdown", ".rst", ".txt")
_LONGEST = 160


def elided(path: str, text: str) -> int:
    """The first line, from 1, in which a file says that something of it was left out; 0 where none does.

    Documents are not looked at: in prose such words are prose.
    """
    if path.lower().endswith(_PROSE):
        return 0
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) <= _LONGEST and _says_so(line.strip()):
            return number
    return 0


def _says_so(line: str) -> bool:
    """Whether one line stands for text that was left out."""
    comment = _COMMENT.match(line)
    said = _END.sub("", comment["said"]) if comment else line
    ellipsis = _ELLIPSIS.match(said)
    if ellipsis:
        words = ellipsis["after"] if ellipsis["after"] is not None else ellipsis["before"]
        few = 0 < len(words.split()) <= 10
        opened = ellipsis["after"] is not None
        # `x = f(...)` or a bare `...` is code; a comment, or dots that begin a line, are not.
        return few and (comment is not None or opened) and _LEFT_OUT.search(words) is not None
    return comment is not None and _PLAIN.match(said) is not None
