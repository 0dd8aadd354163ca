"""C1, C4, issue 13.4: headers are found and read, however a program wrote them."""

import pytest
from case_intake.domain.mail import read_mail

from tests.unit.intake.intake_mails import HEAD

END = b"\nhallo"
BROKEN = {
    "a first line of spaces": b"      \t \n" + HEAD + END,
    "blank lines first": b"\r\n \r\n\r\n" + HEAD + END,
    "a first line that is no header": b"==== the mail as received ====\n" + HEAD + END,
    "a rule and an mbox line": b"---- Original message ----\nFrom jan Mon Mar  2\n" + HEAD + END,
    "an mbox line after a byte order mark": b"\xef\xbb\xbfFrom jan Mon Mar  2\n" + HEAD + END,
    "a fold without indent": b"X-Spam: score 1.2\nBAYES_50 neutral,\nHTML some\n" + HEAD + END,
    "received lines without indent": b"Received: from a by b\nby c with ESMTP\nfor <d@x.nl>;\n"
    b"Thu, 2 Aug 2018 16:58:16 +0200\n" + HEAD + END,
    "a fold that looks like a header": b"X-Spam: no\ntests=A: 0.0, B: -1\n" + HEAD + END,
    "a blank line among the headers": b"Received: from a by b\nX-Id: 1\n\n" + HEAD + END,
    "a space before the colon": HEAD.replace(b"From:", b"From :") + END,
    "an empty header": b"X-Scanned:\n" + HEAD + END,
}  # fmt: skip


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_headers_are_found_behind_what_programs_put_before_and_between(raw: bytes) -> None:
    mail = read_mail(raw)
    assert mail.from_.address == "jan@example.org"
    assert (mail.subject, mail.message_id) == ("Printer", "1@example.org")
    assert mail.text == "hallo"


def test_a_line_that_is_left_out_is_a_problem() -> None:
    assert any("==== here" in one for one in read_mail(b"==== here\n" + HEAD + END).problems)


TEXTS = {
    "a text without headers": (b"hallo\nhoe gaat het", "hallo\nhoe gaat het"),
    "a text with a colon, without headers": (b"hallo\nLet op: dit", "hallo\nLet op: dit"),
    "a header block quoted in the text": (
        HEAD + b"\nzie:\n\nFrom: x@y.nl\nSubject: oud\n\nweg",
        "zie:\n\nFrom: x@y.nl\nSubject: oud\n\nweg",
    ),
    "a list of words after the headers, without a blank line": (
        b"From: a@b.nl\nSubject: x\nappels\nperen\nkersen",
        "appels\nperen\nkersen",
    ),
}


def test_one_carriage_return_in_a_long_line_ends_no_line() -> None:
    """Found by fuzzing."""
    raw = b"X-Long: a\rb" + b"c" * 3_000 + b"\n" + HEAD + END
    assert (read_mail(raw).subject, read_mail(raw).text) == ("Printer", "hallo")


@pytest.mark.parametrize(("raw", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_text_is_not_taken_for_headers(raw: bytes, text: str) -> None:
    assert read_mail(raw).text == text


def gb(text: str) -> bytes:
    return text.encode("gb18030")


KOI8 = b"Content-Type: text/plain; charset=koi8-r\n"
GB = b"Content-Type: text/plain; charset=gb2312\n"
GB_PART = (
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
    b"charset=iso-8859-1\n\nx\n--b\n" + GB + b"\ny\n--b--"
)
SUBJECTS = {
    "raw byte in an encoded word": (b"=?iso-8859-1?Q?Verz\xf6gerung?=", b"", "Verzögerung"),
    "raw UTF-8 in an encoded word": (
        "=?utf-8?Q?Größe_=C3=BC?=".encode(), b"", "Größe ü",
    ),
    "raw bytes in a word, in its charset": (b"=?macintosh?Q?caf\x8e?=", b"", "café"),
    "raw bytes in a word and beside it": (
        b"=?gb2312?Q?" + gb("打印") + b"?= caf\xe9", b"", "打印 café",
    ),
    "charset of the body": (gb("打印机坏了"), GB, "打印机坏了"),
    "charset of a later part": (gb("转发：整体提升"), GB_PART, "转发：整体提升"),
    "KOI8-R of the body": ("Принтер сломался".encode("koi8-r"), KOI8, "Принтер сломался"),
    "no charset, Shift_JIS": ("プリンタの故障".encode("cp932"), b"", "プリンタの故障"),
    "no charset, Russian": ("Принтер не работает".encode("cp1251"), b"", "Принтер не работает"),
    "no charset, ISO-2022-JP": ("故障です".encode("iso2022_jp"), b"", "故障です"),
    "ISO-2022-JP label on Shift_JIS": (b"=?ISO-2022-JP?B?g2OBW4OL?=", b"", "ツール"),
    "circled digit": (b"=?iso-2022-jp?B?GyRCLSE5ZjUhGyhC?=", b"", "①号機"),
    "-i": (b"=?iso-8859-8-i?Q?=F9=EC=E5=ED?=", b"", "שלום"),
    "question mark in a word": (b"=?utf-8?Q?Wat nu??=", b"", "Wat nu?"),
    "padding before the end": (b"=?utf-8?B?YQ==?=", b"", "a"),
    "language after the charset": (b"=?iso-8859-1*de?Q?Gr=F6=DFe?=", b"", "Größe"),
    "words beside each other": (b"=?utf-8?Q?a?==?utf-8?Q?b?=", b"", "ab"),
    "wide space": (b"=?utf-8?B?YeOAgGI=?=", b"", "a\u3000b"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "more", "subject"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subjects_are_read_in_the_charset_they_are_in(
    raw: bytes, more: bytes, subject: str
) -> None:
    end = more if b"\n\n" in more else more + b"\nx"
    assert read_mail(b"From: a@b.nl\nSubject: " + raw + b"\n" + end).subject == subject


def test_names_are_read_in_the_charset_of_the_body() -> None:
    raw = b'From: "' + gb("王芳") + b'" <w@x.nl>\nContent-Type: text/plain; charset=gbk\n\nx'
    assert read_mail(raw).from_.name == "王芳"


def test_a_block_of_headers_is_bounded() -> None:
    raw = b"From: a@b.nl\n" + b"X-Long: " + b"a" * 90_000 + b"\n"
    mail = read_mail(raw + (b"X-Long: " + b"a" * 90_000 + b"\n") * 20 + b"\nhallo")
    assert mail.text == "hallo"
    assert any("headers are longer" in one for one in mail.problems)
