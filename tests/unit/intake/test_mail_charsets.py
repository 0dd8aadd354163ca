"""C1, C4, issue 13.4: a text is read in the charset it is in, whatever the mail says."""

import base64

import pytest
from case_intake.domain.mail import read_mail
from case_intake.domain.mail.charset_names import codec_of

from tests.unit.intake.intake_mails import HEAD, read_body, read_parts

JAPANESE = "印刷できません。確認してください。"
CHINESE = "二楼的打印机坏了，请检查。"
RUSSIAN = "Принтер на втором этаже не работает. Проверьте, пожалуйста."
BODIES = {
    "NEC row 13": (b"\x1b$B-!9f5!\x1b(B ok", "iso-2022-jp", "①号機 ok"),
    "NEC row 13 in EUC": (b"\xad\xa1\xb9\xe6", "euc-jp", "①号"),
    "half-width kana": (b"\x1b(I1\x1b(B", "iso-2022-jp", "ｱ"),
    "JIS X 0212": (b"\x1b$(D0!\x1b(B", "iso-2022-jp-1", "丂"),
    "escape forgotten at the line end": (b"\x1b$B9f\nok", "iso-2022-jp", "号\nok"),
    "-ms": (b"\x1b$B0!\x1b(B", "iso-2022-jp-ms", "亜"),
    "Korean by shift": (b"\x1b$)C\x0e>H3g\x0f ok", "iso-2022-kr", "안녕 ok"),
    "Chinese by shift": (b"\x1b$)A\x0eDc:C\x0f ok", "iso-2022-cn", "你好 ok"),
    "ISO-2022-JP said to be EUC": (JAPANESE.encode("euc_jp"), "iso-2022-jp", JAPANESE),
    "Shift_JIS said to be ISO-2022-JP": (JAPANESE.encode("cp932"), "iso-2022-jp", JAPANESE),
    "Shift_JIS said to be UTF-8": (JAPANESE.encode("cp932"), "utf-8", JAPANESE),
    "Windows said to be Shift_JIS": ("①㈱テスト".encode("cp932"), "shift_jis", "①㈱テスト"),
    "ISO-2022-JP without a charset": (JAPANESE.encode("iso2022_jp"), "", JAPANESE),
    "ISO-2022-JP said to be ASCII": (JAPANESE.encode("iso2022_jp"), "us-ascii", JAPANESE),
    "Russian without a charset": (RUSSIAN.encode("cp1251"), "", RUSSIAN),
    "KOI8-R without a charset": (RUSSIAN.encode("koi8-r"), "unknown-8bit", RUSSIAN),
    "Chinese without a charset": (CHINESE.encode("gbk"), "", CHINESE),
    "Polish without a charset": ("Proszę sprawdzić połączenie".encode("cp1250"), "",
                                 "Proszę sprawdzić połączenie"),
    "-i": ("שלום".encode("iso8859-8"), "iso-8859-8-i", "שלום"),
    "-e": ("שלום".encode("iso8859-8"), "ISO-8859-8-E", "שלום"),
    "Windows said to be ISO-8859-2": ("Košice – šťastie".encode("cp1250"), "iso-8859-2",
                                      "Košice – šťastie"),
    "Windows said to be ISO-8859-1": (b"\x80 5 \x96 caf\xe9", "ISO-8859-1", "€ 5 – café"),
    "UTF-8 said to be Latin-1": ("Grüße, café".encode(), "iso-8859-1", "Grüße, café"),
    "ASCII said to be UTF-16": (b"hallo allemaal", "utf-16", "hallo allemaal"),
    "UTF-16 with mail's line ends": (b"\xff\xfeG\0\xf6\0\r\n\0a\0\r\n", "utf-16", "Gö\na"),
    "UTF-16 without a charset": ("café".encode("utf-16"), "", "café"),
    "Chinese with one broken byte": ("你好，打印机坏了".encode("gbk") + b"\xff!", "gb2312",
                                     "你好，打印机坏了�!"),
    "utf8mb4": ("Größe €".encode(), "utf8mb4", "Größe €"),
    "UTF-7 by its old name": (b"Gr+APYA3w-e", "unicode-1-1-utf-7", "Größe"),
    "user-defined": (b"Gr\xf6\xdfe", "x-user-defined", "Größe"),
    "comment after the name": (b"caf\xe9", "iso-8859-1 (Western)", "café"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "charset", "text"), BODIES.values(), ids=BODIES.keys())
def test_texts_are_read_in_the_charset_they_are_in(raw: bytes, charset: str, text: str) -> None:
    field = "Content-Type: text/plain" + (f"; charset={charset}" if charset else "")
    assert read_body(raw, field.encode()).text.rstrip() == text


NAMES = {
    "cp-850": "cp850", "CP1252": "cp1252", "win-1251": "cp1251", "windows-cp1251": "cp1251",
    "ibm-850": "cp850", "dos-862": "cp862", "x-cp1250": "cp1250", "windows-31j": "cp932",
    "windows-949": "cp949", "ks_c_5601-1987": "euc_kr", "x-gbk": "gbk", "x-sjis": "cp932",
    "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "8859_1": "iso8859-1",
    "ISO_8859-15:1998": "iso8859-15", "iso8859_2": "iso8859-2", "iso-8859-6-e": "iso8859-6",
    "iso-2022-jp-2004": "iso2022", "cp50221": "iso2022", "big5-hkscs": "big5hkscs",
    '"utf-8"': "utf-8", "utf-8;format=flowed": "utf-8", "x-unknown": None, "rot13": None,
    "punycode": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("name", "codec"), NAMES.items(), ids=NAMES.keys())
def test_charsets_are_known_by_the_names_that_programs_write(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec


def test_html_is_read_in_the_charset_of_its_meta_element() -> None:
    markup = '<meta http-equiv=Content-Type content="text/html; charset=macintosh"><p>café</p>'
    fields = b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    raw = HEAD + fields + base64.b64encode(markup.encode("mac-roman"))
    assert read_mail(raw).text == "café"


def test_a_charset_of_another_part_that_fits_anything_is_not_believed() -> None:
    named = b"Content-Type: text/plain; charset=utf-16\n\n" + "dag".encode("utf-16")
    bare = b"Content-Type: text/plain\n\nEen caf\xe9 in Gr\xf6nland"
    assert read_parts(b"mixed", named, bare).text == "dag\n\nEen café in Grönland"


def test_a_part_without_a_charset_is_read_in_that_of_another_part() -> None:
    named = b"Content-Type: text/plain; charset=gb2312\n\n" + "你好".encode("gbk")
    bare = b"Content-Type: text/plain\n\n" + "打印".encode("gbk")
    assert read_parts(b"mixed", named, bare).text == "你好\n\n打印"
