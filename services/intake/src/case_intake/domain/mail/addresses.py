"""The mailboxes of address fields, as the best mail programs read them.

Senders leave out quotes (`Dijk, Anouk <a@b>`), encode an address together with its name, and write
groups, comments and stray marks. An address is found wherever there is one; what stands around it
is the name.
"""

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Address, Headers

MOST_ADDRESSES = 1_000
_MOST_COMMAS = 10
# Possessive repeats: an opening without an end must not be tried in many ways.
_TOKEN = re.compile(
    rf"(?P<word>{headers.WORD.pattern})|"
    r'"(?P<quoted>(?:[^"\\]++|\\.)*+)(?P<end>"?)|\((?P<comment>[^()]*+)\)|<(?P<angle>[^<>,]*+)>?|'
    r'(?P<mark>[,;:])|(?P<plain>[^"(<,;:=]++|.)',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r'(?:"[^"]{1,64}"|[^\s<>()\[\],;:"@]{1,300})@[^\s<>()",;@]{1,300}')


class _Piece(msgspec.Struct):
    """What stands between two commas. `angle` is None without `<`."""

    words: list[str] = []
    comments: list[str] = []
    raw: list[str] = []
    angle: str | None = None

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    @property
    def is_name_only(self) -> bool:
        """Whether this may be the first part of a name with a comma that should be in quotes."""
        return self.angle is None and not self.comments and "@" not in self.text


def addresses(values: list[str], note: Note) -> tuple[Address, ...]:
    """The mailboxes of one or more address fields; groups are flattened."""
    found: list[Address] = []
    for value in values:
        for address in _mailboxes(value, note):
            if len(found) >= MOST_ADDRESSES:
                note(f"There are more than {MOST_ADDRESSES} addresses; the rest was not read.")
                return tuple(found)
            found.append(address)
    return tuple(found)


def sender(header: Headers, note: Note) -> Address:
    """The mailbox that counts as the author: of From, the one that Sender names or else the first
    with an address; where From has none, that of Sender or Reply-To."""
    authors = addresses(header.all("From"), note)
    real = [one for one in authors if "@" in one.address]
    if len(real) > 1:
        hand = next(iter(addresses(header.all("Sender"), note)), Address())
        counts = next((one for one in real if _same(one, hand)), real[0])
        note(f"From names several senders; {charset.printable(counts.address)} counts.")
        return counts
    if real:
        return real[0]
    if not authors:
        note("There is no sender in From.")
    # A word like MAILER-DAEMON is somebody; an empty address is nobody.
    named = next((one for one in authors if one.address), None)
    if named is None:
        for name in ("Sender", "Reply-To"):
            for one in addresses(header.all(name), note):
                if "@" in one.address:
                    note(f"The sender was taken from {name}.")
                    return one
    return named or next(iter(authors), Address())


def _same(one: Address, other: Address) -> bool:
    return one.address.lower() == other.address.lower()


def _mailboxes(value: str, note: Note, *, again: bool = True) -> Iterator[Address]:
    pieces = _pieces(value)
    if pieces is None:
        pieces = _pieces(value.replace('"', " ")) or []
    for piece in pieces:
        address = _address(piece, note)
        whole = "".join(piece.raw)
        if again and "=?" in whole and ("@" not in address.address or "=?" in address.address):
            yield from _mailboxes(headers.unencoded(whole, note), note, again=False)
        elif address.address or address.name:
            if "@" not in address.address:
                note(f"An address has no @: {charset.printable(whole)}.")
            yield address


def _pieces(value: str) -> list[_Piece] | None:
    """The pieces between commas; None if a quote does not end."""
    pieces: list[_Piece] = []
    waiting: list[_Piece] = []
    piece = _Piece()
    last_semicolon = value.rfind(";")
    for token in _TOKEN.finditer(value + ","):
        if token["quoted"] is not None and not token["end"]:
            return None
        text = token[0]
        if token.lastgroup != "mark":
            _take(piece, token, value[token.end() : token.end() + 1])
        elif text == ":" and (piece.angle is not None or token.start() > last_semicolon):
            piece.words.append(text)
            piece.raw.append(text)
        elif text == ":":
            piece = _Piece()  # the name of a group
        else:
            waiting.append(piece)
            if text == ";" or not piece.is_name_only or len(waiting) > _MOST_COMMAS:
                pieces += _joined(waiting)
                waiting = []
            piece = _Piece()
    return pieces + waiting


def _take(piece: _Piece, token: re.Match[str], after: str) -> None:
    text = token[0]
    piece.raw.append(text)
    if token.lastgroup == "angle" and piece.angle is None:
        piece.angle = token["angle"]
    elif token.lastgroup == "comment":
        piece.comments.append(token["comment"])
    elif token.lastgroup == "end":
        # A quoted local part keeps its quotes: "jan jansen"@example.org.
        piece.words.append(text if after == "@" else _ESCAPED.sub(r"\1", token["quoted"]))
    else:
        piece.words.append(text)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces; words before a name with an address are the first part of that name."""
    *before, last = pieces
    names = [one.text for one in before if one.text]
    if last.angle is None or "@" not in last.angle or not names or not last.text:
        return pieces
    words = [", ".join([*names, last.text])]
    raw = [", ".join("".join(one.raw) for one in pieces)]
    return [_Piece(words=words, comments=last.comments, raw=raw, angle=last.angle)]


def _address(piece: _Piece, note: Note) -> Address:
    text = piece.text
    address = _clean(piece.angle or "")
    if "@" not in address and (bare := _BARE.search(text)) is not None:
        address = _clean(bare[0])
        text = f"{text[: bare.start()]} {text[bare.end() :]}".strip(" :<>\t")
    elif piece.angle is None and " " not in text:
        address, text = _clean(text), ""
    name = headers.unencoded(text or "".join(piece.comments), note)
    return Address(address, (name if name.isascii() else _visible(name)).strip("'\" "))


def _clean(address: str) -> str:
    if not address.isascii() or not address.isprintable():
        address = _visible(charset.cleaned(address))
    plain = address.strip().strip("<>").removeprefix("mailto:")
    if plain.startswith("@"):
        plain = plain.rpartition(":")[2]  # a route of RFC 822
    if not plain.startswith('"'):
        plain = "".join(plain.split())
    if plain.startswith("'") and plain.endswith("'"):
        plain = plain.strip("'")
    return plain.rstrip(".,;")


def _visible(text: str) -> str:
    """The text without marks that change how a name or address is read, and are not seen."""
    return "".join(
        char for char in text if unicodedata.category(char) != "Cf" or char in "\u200c\u200d"
    )
