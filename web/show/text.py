"""Markdown of a draft as HTML: no HTML of its own, no pictures, links only to http(s) and to fragments."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from web.show.highlight import coloured
from web.show.plain import slug, visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 300_000
"""Characters up to which a text is read as Markdown; a longer one is shown as it is."""

_LANGUAGES = {"sql": "postgresql", "python": "python", "py": "python", "json": "json", "yaml": "yaml", "sh": "bash"}


@lru_cache(maxsize=64)
def markdown(text: str) -> Markup:
    """The text as HTML; of a text that is looked at again, worked out once.

    Headings begin at level 3, since the page has its own above them.
    """
    shown = visible(text)
    if len(shown) > LONGEST:
        return Markup('<p class="note">{:,} characters: shown as plain text.</p><pre class="plain">{}</pre>').format(
            len(shown), shown
        )
    # The renderer escapes every text and attribute itself; HTML in the source stays text.
    return Markup(_reader().render(shown))  # noqa: S704


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    """The parser: CommonMark with tables, without raw HTML and pictures."""
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    made.validateLink = allowed  # type: ignore[method-assign]
    made.add_render_rule("link_open", _link_open)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    made.add_render_rule("fence", _fence)
    made.add_render_rule("code_block", _fence)
    made.add_render_rule("th_open", _cell)
    made.add_render_rule("td_open", _cell)
    made.add_render_rule("table_open", lambda *given: '<div class="scroll" tabindex="0"><table class="table">')
    made.add_render_rule("table_close", lambda *given: "</table></div>")
    return made


def allowed(url: str) -> bool:
    """Whether a link may lead there: http, https, or a place in this page."""
    return url.strip().lower().startswith(("http://", "https://", "#"))


def _link_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A link that tells the other side nothing."""
    href = str(tokens[index].attrGet("href") or "")
    if href.startswith("#"):
        return str(Markup('<a href="#{}">').format("doc-" + slug(href[1:])))
    return str(Markup('<a href="{}" rel="noopener noreferrer nofollow">').format(href))


def _heading(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A heading two levels down, with an anchor made of its text."""
    token = tokens[index]
    level = min(6, int(token.tag[1:]) + 2)
    if token.nesting < 0:
        return f"</h{level}>\n"
    text = tokens[index + 1].content if index + 1 < len(tokens) else ""
    return str(Markup('<h{} id="{}">').format(level, "doc-" + slug(text)))


def _fence(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A block of code, coloured where its language is known."""
    token = tokens[index]
    word = token.info.strip().split(" ")[0].lower() if token.info.strip() else ""
    lines = coloured(token.content.rstrip("\n"), _LANGUAGES.get(word, ""))
    return str(Markup('<pre class="code" tabindex="0"><code>{}</code></pre>\n').format(Markup("\n").join(lines)))


def _cell(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """A cell: its alignment as a class, since pages have no inline styles."""
    token = tokens[index]
    side = str(token.attrGet("style") or "").removeprefix("text-align:")
    scope = Markup(' scope="col"') if token.tag == "th" else Markup("")
    name = Markup(' class="{}"').format(side) if side in ("left", "right", "center") else Markup("")
    return f"<{escape(token.tag)}{scope}{name}>"
