"""Chooses between the texts of a multipart/alternative.

The plain text is preferred. Some programs send a placeholder in its place (`This message is in
HTML format`), the first lines only, or the HTML itself; then the HTML is the text.
"""

import re

import msgspec

_INVISIBLE = re.compile("[\\s\x00-\x1f\u00ad\u034f\u200b-\u200f\u2060\ufeff]*")
# Without spaces between words, each letter counts: lines are broken at other places in HTML.
_EAST = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_EAST}]|[^\W{_EAST}]{{2,}}")
_TAG = re.compile(r"<(?:html|head|body|table|tr|td|div|p|br|span)\b[^<>]{0,500}>", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"html|browser|mime|rich text|opgemaakt|formatiert", re.IGNORECASE)
_COMPARED = 100_000
_LONGEST_PLACEHOLDER = 60
_FEW = 4
_MOST = 0.8
_DIFFERS = 0.5


class Alternative(msgspec.Struct, frozen=True):
    """One text: as it is read, as it came, and whether it was HTML."""

    text: str
    raw: bytes
    is_html: bool


def is_blank(text: str) -> bool:
    """Whether the text shows nothing."""
    return _INVISIBLE.fullmatch(text) is not None


def best(found: list[list[Alternative]]) -> tuple[list[Alternative], list[Alternative]]:
    """The texts that are shown, and others that say something else and must be kept."""
    filled = [texts for texts in found if any(not is_blank(one.text) for one in texts)]
    plains = [texts for texts in filled if not any(one.is_html for one in texts)]
    pages = [texts for texts in filled if any(one.is_html for one in texts)]
    shown, unsaid = _shown(_that_differ(plains, []), pages[-1] if pages else [])
    return shown, [*unsaid, *_that_differ(pages[:-1], [*shown, *unsaid])]


def _that_differ(found: list[list[Alternative]], known: list[Alternative]) -> list[Alternative]:
    """The texts that say something else than what is known and those before them: these are no
    alternatives, whatever the mail calls them."""
    kept: list[Alternative] = []
    known_words = _words(known)
    for texts in found:
        words = _words(texts)
        if (not kept and not known) or (words and _share(words, known_words) < _DIFFERS):
            kept += texts
            known_words |= words
    return kept


def _shown(
    plain: list[Alternative], page: list[Alternative]
) -> tuple[list[Alternative], list[Alternative]]:
    if not plain or not page:
        return plain or page, []
    if _goes_on(plain, page) or (_is_markup(plain) and not _is_markup(page)):
        return page, []
    if not _adds(page, plain):
        return plain, []
    is_rest = _share(_words(plain), _words(page)) >= _MOST
    is_placeholder = len(_words(plain)) <= _LONGEST_PLACEHOLDER
    if is_rest or (is_placeholder and _PLACEHOLDER.search(_joined(plain))):
        return page, []
    if len(_words(page)) < _FEW:
        return plain, []
    return (page, plain) if is_placeholder else (plain, page)


def _goes_on(plain: list[Alternative], page: list[Alternative]) -> bool:
    """Whether the plain text is only the beginning of the other."""
    some, all_of = (_WORD.findall(_joined(one)) for one in (plain, page))
    return len(all_of) > len(some) + 2 and all_of[: len(some)] == some


def _adds(texts: list[Alternative], to: list[Alternative]) -> bool:
    """Whether most words of the texts are not in the others."""
    words = _words(texts)
    return bool(words) and _share(words, _words(to)) < _DIFFERS


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    return len(words & among) / len(words) if words else 1.0


def _words(texts: list[Alternative]) -> frozenset[str]:
    return frozenset(_WORD.findall(_joined(texts).lower()))


def _joined(texts: list[Alternative]) -> str:
    return "\n".join(one.text for one in texts)[:_COMPARED]


def _is_markup(texts: list[Alternative]) -> bool:
    return len(_TAG.findall(_joined(texts))) >= 3
