"""Mails read a second, by kind and size, and the slowest of many broken ones."""

import os
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from statistics import median

from case_intake.domain.mail import read

from benchmarks.figures import Table, percentile
from tests.support.mails import seeds
from tests.support.mails.mutants import mutant

MUTANTS = int(os.environ.get("CASEFOLD_MAILS", "10000"))
ROUND = 0.05
"""The processor time of one round at least, in seconds."""
ROUNDS = 15
_SENTENCE = "De printer op verdieping drie geeft fout E42; één keer per dag. "


def measure() -> list[Table]:
    """Mails a second, and the slowest mutant, beside the standard library's parser."""
    return [_by_kind(), _worst()]


def _by_kind() -> Table:
    rows = [
        {"what": name, "KB": len(raw) / 1_000, **_compared(raw)} for name, raw in samples().items()
    ]
    return Table(
        "Mails read a second, on one processor",
        rows,
        [f"Medians of {ROUNDS} rounds of processor time, in turns with the standard library's",
         "parser, which gives the body as it came: no text of HTML, no reply without its quotes,",
         "no guess. ratio: the time of a mail, divided by that of the standard library."],
    )  # fmt: skip


def samples() -> dict[str, bytes]:
    """The measured mails, by what they are."""
    quoted = "\n".join(f"> {_SENTENCE}" for _ in range(100))
    reply = f"{_SENTENCE}\n\nOp ma 2 mrt 2026 om 10:00 schreef Desk <desk@x.nl>:\n{quoted}\n"
    japanese = "二階のプリンタが壊れています。確認してください。\n" * 100
    file = b"Content-Disposition: attachment; filename=a.pdf"

    def with_file(size: int) -> bytes:
        content = seeds.part(b"application/pdf", os.urandom(size), file, encoding=b"base64")
        return seeds.HEAD + seeds.mixed(seeds.plain(), content)

    return {
        "plain, short": seeds.SEEDS["plain"],
        "plain, a reply": seeds.HEAD + seeds.plain(body=reply.encode()),
        "plain, long": seeds.HEAD + seeds.plain(body=(_SENTENCE + "\n").encode() * 3_000),
        "plain, Japanese": seeds.HEAD + seeds.plain(
            b"; charset=iso-2022-jp", japanese.encode("iso2022_jp")),
        "plain, no charset": seeds.HEAD + seeds.plain(b"", japanese.encode("cp932")),
        "HTML, short": seeds.SEEDS["html"],
        "HTML, long": seeds.HEAD + seeds.part(
            b"text/html; charset=utf-8", f"<p>{_SENTENCE}<b>x</b></p>\n".encode() * 2_000,
            encoding=b"quoted-printable"),
        "alternatives": seeds.SEEDS["alternative"],
        "nested, with files": seeds.SEEDS["nested"],
        "winmail.dat": seeds.SEEDS["winmail"],
        "with a file of 1 MB": with_file(1_000_000),
        "with a file of 10 MB": with_file(10_000_000),
    }  # fmt: skip


def _compared(raw: bytes) -> dict[str, float]:
    ours, theirs, ratios = [], [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(read, raw))
        theirs.append(_seconds(read_by_library, raw))
        ratios.append(ours[-1] / theirs[-1])
    return {"mails/s": 1 / median(ours), "library's": 1 / median(theirs), "ratio": median(ratios)}


def _seconds(reader: Callable[[bytes], object], raw: bytes) -> float:
    """The processor time of one reading: of as many as fill a round."""
    count, began = 0, time.process_time()
    while (took := time.process_time() - began) < ROUND:
        reader(raw)
        count += 1
    return took / count


def read_by_library(raw: bytes) -> object:
    """The same by the standard library: addresses, subject, body, and the bytes of files."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    named = [str(message[name]) for name in ("From", "To", "Cc", "Subject", "Date", "Message-ID")]
    files = [part.get_payload(decode=True) for part in message.iter_attachments()]
    return named, body.get_content() if body else "", files


def _worst() -> Table:
    took: dict[str, list[float]] = {"this reader": [], "the standard library": []}
    raised = 0
    for number in range(MUTANTS):
        raw = mutant(number)
        took["this reader"].append(_once(read, raw))
        try:
            took["the standard library"].append(_once(read_by_library, raw))
        except Exception:  # noqa: BLE001 (whatever it raises is counted)
            raised += 1
    slowest = max(range(MUTANTS), key=took["this reader"].__getitem__)
    ours, theirs = (max(values) for values in took.values())
    return Table(
        f"{MUTANTS:,} mails of all kinds, broken at random: milliseconds of processor time",
        [
            {"what": name, "median": 1_000 * median(values),
             "99 %": 1_000 * percentile(values, 0.99), "worst": 1_000 * max(values)}
            for name, values in took.items()
        ],
        [f"The slowest is mutant {slowest:,}, of {len(mutant(slowest)) / 1_000:.0f} KB; it takes "
         f"{ours / theirs:.2f} x the worst of the standard library.",
         f"The standard library raised an exception for {raised:,} of them, this reader for none."],
    )  # fmt: skip


def _once(reader: Callable[[bytes], object], raw: bytes) -> float:
    began = time.process_time()
    reader(raw)
    return time.process_time() - began


if __name__ == "__main__":
    for table in measure():
        print(table)
