"""Markdown of a model: no HTML, no scripts, no pictures, links only where they may lead."""

from __future__ import annotations

import html.parser

import pytest

from web.show.text import LONGEST, allowed, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JAVASCRIPT:alert(1))",
    "[a](data:text/html,<script>)",
    "[a](vbscript:x)",
    "[a](//evil.example)",
    "[a](/signout)",
    "![x](http://evil.example/x.png)",
    '[a](http://e.example/"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "```html\n</code></pre><script>\n```",
    "# <b onclick=x>\n",
    "| a |\n|:-:|\n| <i onload=x> |",
    "    <script>indented</script>",
    "a\u202eb\0c",
]


class Tags(html.parser.HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_model_writes_becomes_active(text: str) -> None:
    tags = Tags()
    tags.feed(markdown(text))
    for tag, attributes in tags.seen:
        assert tag in {"p", "a", "h3", "pre", "code", "div", "table", "thead", "tbody", "tr", "th", "td", "span"}
        assert set(attributes) <= {"href", "rel", "class", "id", "tabindex", "scope"}
        assert allowed(str(attributes.get("href", "#")))
    assert "\u202e" not in markdown(text) and "\0" not in markdown(text)


def test_links_tell_the_other_side_nothing() -> None:
    assert 'rel="noopener noreferrer nofollow"' in markdown("[a](https://example.com/)")


def test_headings_are_two_levels_down_with_an_anchor_that_links_find() -> None:
    made = markdown("# The Parts\n\n###### deep\n\n[go](#the-parts)\n")
    assert '<h3 id="doc-the-parts">' in made and "<h6" in made and 'href="#doc-the-parts"' in made


def test_tables_and_code_have_classes_and_no_styles() -> None:
    made = markdown("| a | b |\n|---|--:|\n| 1 | 2 |\n\n```sql\nSELECT 1;\n```\n")
    assert 'class="right"' in made and 'scope="col"' in made and 'class="k"' in made and "style=" not in made


def test_a_text_that_is_too_long_is_shown_as_it_is() -> None:
    made = markdown("<b>" + "x" * LONGEST)
    assert "shown as plain text" in made and "&lt;b&gt;" in made
