"""Converts HTML to readable text, with lists, links, tables and quotes.

lxml calls back for each tag, so no tree is built and nothing recurses.
"""

import re

from lxml import etree  # type: ignore[import-untyped]

from case_intake.domain.mail.charset import Note

_CHUNK = 16_384
# The parser searches all open elements at each stray end tag; beyond this depth it starts again.
_DEEPEST = 500
_DEEPEST_QUOTE = 5
_SKIPPED = frozenset(("script", "style", "head", "title"))
_CONTAINERS = frozenset(("pre", "blockquote", "ul", "ol", "tr", "a"))
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre", "dl", "ul", "ol")
)
_BLOCKS = _PARAGRAPHS | frozenset(
    (
        "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "header", "html", "legend", "li",
        "main", "nav", "section", "summary", "tbody", "tfoot", "thead", "tr",
    )
)  # fmt: skip
_SIGNATURES = re.compile(r"gmail_signature(?!_)|moz-signature|(?:^|\s)(?:ms-outlook-mobile-)?"
                         r"[Ss]ignature(?:$|\s)")  # fmt: skip
_RULE = "_" * 32
_SPACE = re.compile(r"[\s\xa0]+")


def text_of(markup: str, note: Note) -> str:
    """The markup as text. Quotes get `> `, links their address, and cells ` | ` between them."""
    renderer = _Renderer()
    parser = _parser(renderer)
    for at in range(0, len(markup), _CHUNK):
        try:
            parser.feed(markup[at : at + _CHUNK])
            if renderer.open_tags > _DEEPEST:
                parser.close()
                parser = _parser(renderer)
        except etree.LxmlError:
            note("A piece of the HTML cannot be read.")
            parser = _parser(renderer)
    try:
        parser.close()
    except etree.LxmlError:
        if markup.strip():
            note("The end of the HTML cannot be read.")
    return renderer.close()


def _parser(renderer: "_Renderer") -> etree.HTMLParser:
    return etree.HTMLParser(target=renderer, remove_comments=True, remove_pis=True)


class _Renderer:
    """The parser's target: collects lines. `close` gives the text so far."""

    def __init__(self) -> None:
        self.open_tags = 0
        self._lines: list[str] = []
        self._line: list[str] = []
        self._break = 0
        self._skipping = 0
        self._preformatted = 0
        self._quotes: list[bool] = []
        self._depth = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int, int]] = []
        self._row_start: list[int] = []
        self._at_space = True
        self._fresh = False  # a bullet or cell began, and nothing is in it yet

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.open_tags += 1
        if self._skipping or tag in _SKIPPED or _is_hidden(attributes):
            self._skipping += 1
            return
        if tag in _BLOCKS:
            self._end_line(2 if tag in _PARAGRAPHS and not self._lists else 1)
        if _SIGNATURES.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"):
            self._signature()
        if tag in _CONTAINERS:
            self._enter(tag, attributes)
        else:
            self._place(tag, attributes)
        if attributes.get("id") in ("divRplyFwdMsg", "appendonsend"):
            self._rule()

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "pre":
                self._preformatted += 1
            case "blockquote":
                self._flush()
                self._quotes.append(_is_quote(attributes))
                self._depth += self._quotes[-1]
            case "ul" | "ol":
                self._lists.append(1 if tag == "ol" else None)
            case "tr":
                self._flush()
                self._row_start.append(len(self._lines))
            case "a":
                self._links.append((attributes.get("href", ""), len(self._lines), len(self._line)))

    def _place(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "br":
                self._hard_break()
            case "hr":
                self._rule()
            case "li":
                self._bullet()
            case "td" | "th":
                self._cell()
            case "img":
                self._write(f"[{alt}]" if (alt := attributes.get("alt", "").strip()) else "")

    def end(self, tag: str) -> None:
        self.open_tags -= 1
        if self._skipping:
            self._skipping -= 1
            return
        if tag == "a" and self._links:
            self._link(*self._links.pop())
        if tag in ("td", "th", "li"):
            self._fresh = False
        if tag in _BLOCKS:
            self._end_line(2 if tag in _PARAGRAPHS and len(self._lists) < 2 else 1)
        if tag == "blockquote" and self._quotes:
            self._break = 1
            self._flush()
            self._depth -= self._quotes.pop()
            self._end_line(2)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "tr" and self._row_start:
            self._row_start.pop()
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)

    def data(self, text: str) -> None:
        if self._skipping:
            return
        if self._preformatted:
            first, *others = text.split("\n")
            self._write(first)
            for line in others:
                self._hard_break()
                self._write(line)
            return
        collapsed = _SPACE.sub(" ", text)
        if self._at_space or self._break:
            collapsed = collapsed.lstrip(" ")
        self._write(collapsed)

    def close(self) -> str:
        self._flush()
        return "\n".join(self._lines).strip("\n")

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._break:
            self._flush()
        self._line.append(text)
        self._at_space = text.endswith(" ")
        self._fresh = self._fresh and text == " "

    def _end_line(self, strength: int) -> None:
        if (self._line or self._lines) and not self._fresh:
            self._break = max(self._break, strength)

    def _flush(self) -> None:
        """Write the line break that was requested before."""
        text = "".join(self._line).rstrip()
        if text:
            self._lines.append(self._prefix() + text)
        if self._break > 1 and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())
        self._line, self._break, self._at_space = [], 0, True

    def _hard_break(self) -> None:
        if self._break:
            self._flush()
        self._lines.append((self._prefix() + "".join(self._line)).rstrip())
        self._line, self._at_space = [], True

    def _prefix(self) -> str:
        return "> " * min(self._depth, _DEEPEST_QUOTE)

    def _rule(self) -> None:
        self._end_line(1)
        self._flush()
        if not self._lines or self._lines[-1] != _RULE:
            self._lines.append(_RULE)

    def _signature(self) -> None:
        self._end_line(1)
        self._flush()
        last = next((line for line in reversed(self._lines[-3:]) if line.strip()), "")
        if last.rstrip() != "--":
            self._lines.append(self._prefix() + "-- ")

    def _bullet(self) -> None:
        indent = "  " * max(0, min(len(self._lists), 10) - 1)
        number = self._lists[-1] if self._lists else None
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        self._write(f"{indent}- " if number is None else f"{indent}{number}. ")
        self._at_space = self._fresh = True

    def _cell(self) -> None:
        if not self._row_start or not self._line or self._row_start[-1] > len(self._lines):
            return
        if self._row_start[-1] == len(self._lines):
            self._break = 0
            self._line.append(" | ")
            self._at_space = self._fresh = True
        else:
            self._end_line(1)

    def _link(self, address: str, line: int, position: int) -> None:
        pieces = self._line[position:] if line == len(self._lines) else self._line[-50:]
        shown = "".join(pieces).strip()
        target = address.strip().removeprefix("mailto:").split("?subject=")[0]
        if not target or target.startswith(("#", "javascript:", "cid:", "data:")):
            return
        bare = target.split("://", 1)[-1].rstrip("/").lower()
        if shown and bare not in (shown.lower(), shown.split("://", 1)[-1].rstrip("/").lower()):
            self._line.append(f" ({_SPACE.sub('', target)})")
            self._at_space = False


def _is_hidden(attributes: dict[str, str]) -> bool:
    return "display:none" in attributes.get("style", "").replace(" ", "").lower()


def _is_quote(attributes: dict[str, str]) -> bool:
    # Mail programs indent with a borderless blockquote, which is not a quote.
    style = attributes.get("style", "").replace(" ", "").lower()
    return attributes.get("type") == "cite" or "border:none" not in style
