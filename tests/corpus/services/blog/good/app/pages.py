"""The HTML page of a post."""

from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<article>
<h1>{title}</h1>
<p>by {author}</p>
{paragraphs}
<p>{tags}</p>
</article>
</body>
</html>
"""


def page_of(post: dict[str, Any]) -> str:
    """The post as HTML; all that people wrote is escaped."""
    parts = (part.strip() for part in post["body"].replace("\r\n", "\n").split("\n\n"))
    paragraphs = "\n".join(f"<p>{escape(part)}</p>" for part in parts if part)
    return _PAGE.format(
        title=escape(post["title"]),
        author=escape(post["author"]),
        paragraphs=paragraphs,
        tags=escape(", ".join(post["tags"])),
    )
