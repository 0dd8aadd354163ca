"""Small mails of all kinds that the reader knows. Each part holds a mark of its own."""

import base64
import binascii
import quopri
import struct

HEAD = (
    b"Received: from a.example by b.example\n with ESMTP; Mon, 2 Mar 2026 10:00:00 +0100\n"
    b"From: =?utf-8?Q?Dijk=2C_Ano=C3=BCk?= <anouk@example.org>\n"
    b'To: Desk <desk@example.net>, "Jansen, Jan" <jan@example.net>\nCc: team: a@x.nl, b@x.nl;\n'
    b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?Y2Fmw6k=?=\nDate: Mon, 2 Mar 2026 10:00:00 "
    b"+0100\nMessage-ID: <1@example.org>\nReferences: <a@x> <b@y>\nMIME-Version: 1.0\n"
)
_numbers = iter(range(1, 1_000))


def mark() -> bytes:
    """A word that stands in no other part."""
    return b"mark%dzq" % next(_numbers)


def part(kind: bytes, body: bytes, *fields: bytes, encoding: bytes = b"") -> bytes:
    """A part with its fields."""
    if encoding == b"base64":
        body = base64.encodebytes(body)
    elif encoding == b"quoted-printable":
        body = quopri.encodestring(body)
    more = (b"Content-Transfer-Encoding: " + encoding,) if encoding else ()
    head = (b"Content-Type: " + kind, *fields, *more)
    return b"".join(line + b"\n" for line in head) + b"\n" + body


def multipart(kind: bytes, boundary: bytes, *parts: bytes) -> bytes:
    """A multipart of these parts."""
    inside = b"".join(b"--" + boundary + b"\n" + one + b"\n" for one in parts)
    end = b"--" + boundary + b"--\n"
    return part(b'multipart/%b; boundary="%b"' % (kind, boundary), inside + end)


def text(charset: str = "utf-8", words: str = "De printer op verdieping drie is stuk ") -> bytes:
    """A plain text with a mark, and the quote of an earlier mail."""
    quoted = "\n\nOp ma 2 mrt 2026 om 10:00 schreef Desk <desk@example.net>:\n> Wat is er?\n"
    return words.encode(charset) + mark() + quoted.encode(charset)


def html() -> bytes:
    """A page with a mark."""
    return (
        b"<html><head><style>p{}</style></head><body><p>De <b>printer</b> geeft fout " + mark()
        + b"</p><table><tr><td>1</td><td>2</td></tr></table><blockquote type=cite>oud</blockquote>"
        b'<a href="https://x.example/">hier</a></body></html>'
    )  # fmt: skip


def attachment(name: bytes, kind: bytes = b"application/pdf", encoding: bytes = b"base64") -> bytes:
    """A file with a mark."""
    given = b"Content-Disposition: attachment; filename=" + name
    return part(kind, b"%PDF " + mark() + b"\0\xff", given, encoding=encoding)


def alternative(boundary: bytes = b"alt") -> bytes:
    """A text and the same as HTML."""
    plain = b"De printer geeft fout " + mark()
    page = part(b"text/html; charset=utf-8", b"<p>" + plain + b"</p>")
    return multipart(b"alternative", boundary, part(b"text/plain", plain), page)


def uuencoded(content: bytes) -> bytes:
    """A file in a text."""
    lines = (binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 list.csv\n" + b"".join(lines) + b"`\nend\n"


def tnef() -> bytes:
    """A winmail.dat with a text and a file."""

    def attribute(level: int, name: int, data: bytes) -> bytes:
        return struct.pack("<BHHI", level, name, 6, len(data)) + data + b"\0\0"

    body = b"<p>" + mark() + b"</p>\0\0\0"
    body += b"\0" * (-len(body) % 4)
    properties = struct.pack("<IHHII", 1, 0x102, 0x1013, 1, len(body)) + body
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join((
        attribute(1, 0x9007, struct.pack("<II", 1252, 0)),
        attribute(1, 0x9003, properties),
        attribute(2, 0x9002, b"\0" * 14),
        attribute(2, 0x8010, b"a.txt\0"),
        attribute(2, 0x800F, b"inhoud " + mark()),
    ))  # fmt: skip


_REPORT = (
    b"Reporting-MTA: dns; mta.example.org\n\nFinal-Recipient: rfc822; piet@example.org\n"
    b"Action: failed\nStatus: 5.1.1\n"
)
_CALENDAR = b"BEGIN:VCALENDAR\n" + mark() + b"\nEND:VCALENDAR\n"
_TNEF = b"application/ms-tnef; name=winmail.dat"
_UU = b"Content-Transfer-Encoding: x-uuencode"


def plain(charset: bytes = b"; charset=utf-8", body: bytes = b"") -> bytes:
    """A part of plain text."""
    return part(b"text/plain" + charset, body or text())


def mixed(*parts: bytes) -> bytes:
    """A text and more parts."""
    return multipart(b"mixed", b"b1", *parts)


SEEDS: dict[str, bytes] = {
    "plain": HEAD + plain(),
    "flowed": HEAD + plain(b"; format=flowed; delsp=yes"),
    "windows": HEAD + plain(b"; charset=windows-1252", text("cp1252", "Grüße € 5 ")),
    "no charset": HEAD + plain(b"", text("cp1251", "Принтер не работает ")),
    "chinese": HEAD + plain(b"; charset=gb2312", text("gb18030", "打印机坏了 ")),
    "japanese": HEAD + plain(b"; charset=iso-2022-jp", text("iso2022_jp", "故障です ")),
    "html": HEAD + part(b"text/html; charset=utf-8", html(), encoding=b"quoted-printable"),
    "alternative": HEAD + alternative(),
    "mixed": HEAD + mixed(
        plain(), attachment(b"a.pdf"), attachment(b'"b c.txt"', b"text/plain", b"7bit")
    ),
    "nested": HEAD + mixed(
        multipart(b"related", b"b2", alternative(), attachment(b"i.png", b"image/png")),
        part(b"message/rfc822", HEAD + plain()),
    ),
    "names": HEAD + mixed(
        plain(b"; name=m.txt"),
        part(b"application/x; name*0*=utf-8''caf%C3%A9; name*1=.pdf", mark(), encoding=b"base64"),
    ),
    "uuencode": HEAD + plain(b"", text() + uuencoded(b"a;b\n" + mark()) + b"Groet\n"),
    "x-uuencode": HEAD + mixed(
        plain(), part(b"text/csv; name=l.csv", uuencoded(b"a;b\n" + mark()), _UU)
    ),
    "winmail": HEAD + mixed(plain(), part(_TNEF, tnef(), encoding=b"base64")),
    "winmail only": HEAD + part(_TNEF, tnef(), encoding=b"base64"),
    "report": HEAD + multipart(
        b"report; report-type=delivery-status", b"r", plain(),
        part(b"message/delivery-status", _REPORT),
    ),
    "invitation": HEAD + multipart(
        b"alternative", b"b1", plain(), part(b"text/calendar; method=REQUEST", _CALENDAR)
    ),
    "raw headers": b"X-Spam: a\nb c\n" + HEAD.replace(b"Subject: ", b"Subject: \xb4\xf2 ")
    + plain(b"; charset=gbk"),
    "preface": b"==== here ====\nFrom jan Mon Mar  2\n" + HEAD + plain(),
}  # fmt: skip
