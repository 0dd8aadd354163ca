"""Renders articles: Markdown to HTML, without any HTML of the author."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_read = MarkdownIt("commonmark", {"html": False}).disable("image")


def as_html(text: str, deeper: int = 0) -> Markup:
    """The text as HTML, with its headings `deeper` levels lower. Links open in a new window,
    because somebody may be typing on the page."""
    tokens = _read.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + deeper)}"
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrs |= {"target": "_blank", "rel": "noopener"}
    html = _read.renderer.render(tokens, _read.options, {})
    return Markup(html)  # noqa: S704 - what the author wrote is escaped in it
