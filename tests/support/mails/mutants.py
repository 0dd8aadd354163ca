"""Breaks mails at random, as programs and networks do and as attackers would."""

from random import Random

from tests.support.mails.seeds import SEEDS

LONGEST = 300_000
_PIECES = (
    b"\n", b"\r\n", b"\n\n", b"\r", b" ", b"\t", b'"', b"<", b">", b"(", b",", b";", b":", b"=",
    b"=?", b"?=", b"=?utf-8?Q?", b"--", b"--b1\n", b"--b1--\n", b"--alt\n", b"\0", b"\xff",
    b"\xc3", b"\x1b$B", b"\x1b(B", b"\x0e", b"begin 644 a\n", b"end\n", b"From: x@y.nl\n",
    b"Content-Type: text/html\n", b"Content-Type: multipart/mixed; boundary=b1\n\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Type: message/rfc822\n\n",
    b"Content-Disposition: attachment; filename=x\n", b"<div>", b"</p>", b"<!--",
    b"<table><tr><td>", b"<blockquote>", b"> ", b"On a wrote:\n", b"-- \n", b"\\", b"@", b"''",
    b"%", b"~{", b"+A", b"charset=", b"boundary=", b"data:image/png;base64,",
)  # fmt: skip
_WORDS = (
    (b"utf-8", b"utf-16"), (b"utf-8", b"iso-2022-jp"), (b"utf-8", b"x-zot"), (b"base64", b"7bit"),
    (b"base64", b"quoted-printable"), (b"base64", b"x-uuencode"), (b"quoted-printable", b"base64"),
    (b"alternative", b"mixed"), (b"mixed", b"alternative"), (b"mixed", b"digest"),
    (b"text/plain", b"text/html"), (b"text/html", b"text/plain"), (b"b1", b"B1"),
    (b"text/plain", b"multipart/mixed"), (b"boundary", b"bondary"), (b"; ", b" "),
    (b"\n", b"\r\n"), (b"\n ", b"\n"), (b"application/pdf", b"message/rfc822"),
    (b"application/pdf", b"application/ms-tnef"),
)  # fmt: skip


def mutant(number: int) -> bytes:
    """The mutant with this number; the same number gives the same mutant."""
    chance = Random(number)
    raw = bytearray(chance.choice(list(SEEDS.values())))
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
        _break(raw, chance)
        del raw[LONGEST:]
    return bytes(raw)


def _break(raw: bytearray, chance: Random) -> None:
    at = chance.randrange(len(raw) + 1)
    match chance.randrange(9):
        case 0:
            del raw[at : at + chance.choice((1, 3, 20, 200))]
        case 1:
            raw[at:at] = chance.choice(_PIECES)
        case 2:
            raw[at:at] = chance.choice(_PIECES) * chance.choice((2, 10, 100, 3_000))
        case 3:
            raw[at : at + 1] = chance.randbytes(chance.randrange(1, 4))
        case 4:
            old, new = chance.choice(_WORDS)
            raw[:] = raw.replace(old, new, chance.choice((1, 1, -1)))
        case 5:
            start = chance.randrange(len(raw) + 1)
            raw[at:at] = raw[start : start + chance.choice((20, 200, 2_000))]
        case 6:
            other = chance.choice(list(SEEDS.values()))
            raw[at:] = other[chance.randrange(len(other)) :]
        case 7:
            del raw[at:]
        case _:
            lines = raw.split(b"\n")
            first = chance.randrange(len(lines))
            lines[first : first + 4] = reversed(lines[first : first + 4])
            raw[:] = b"\n".join(lines)
