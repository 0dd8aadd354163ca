"""C4: a reply is only what is new in it."""

import pytest
from case_intake.domain.mail import read_mail

from tests.unit.intake.intake_mails import read_body, read_html, read_text

NEW = "Dank, het werkt weer."
CUT = {
    "Dutch Gmail, wrapped": "\n\nOp ma 2 mrt 2026 om 10:00 schreef Jan Jansen\n<jan@x.nl>:\n"
    "\n> Goed?\n",
    "Dutch Gmail": "\n\nOp ma 2 mrt 2026 om 10:00 schreef Jan <jan@x.nl>:\n> Goed?\n",
    "Dutch, quote not marked": "\n\nOp 2 mrt. 2026 om 10:00 heeft Jan <j@x.nl> het volgende "
    "geschreven:\n\nGoed?\n",
    "English": "\n\nOn Mon, Mar 2, 2026 at 10:00 AM Jan <jan@x.nl> wrote:\n\n> Is it fixed?\n",
    "English, wrapped": "\n\nOn Mon, Mar 2, 2026 at 10:00 AM Jan van der Lange Naam\n"
    "<jan@x.nl> wrote:\n> a\n",
    "German": "\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Jan <j@x.nl>:\n> Gut?\n",
    "French": "\n\nLe lun. 2 mars 2026 à 10:00, Jan <j@x.nl> a écrit :\n> Bon?\n",
    "Spanish": "\n\nEl lun, 2 mar 2026 a las 10:00, Jan (<j@x.nl>) escribió:\n> Bien?\n",
    "a language not known": "\n\n2026-03-02 10:00 GMT+01:00 Jan <j@x.nl>:\n> Dobře?\n",
    "name only": "\n\nJan Jansen wrote:\n> Good?\n",
    "Outlook, Dutch": "\n\nVan: Desk <d@x.nl>\nVerzonden: maandag 2 maart 2026 10:00\nAan: "
    "P <p@x.nl>\n"
    "Onderwerp: RE: printer\n\nBeste Piet\n",
    "Outlook, English": "\n\nFrom: Desk <d@x.nl>\nSent: Monday, March 2, 2026 10:00\nTo: P "
    "<p@x.nl>\n"
    "Subject: RE: printer\n\nDear Piet\n",
    "Outlook, bold": "\n\n*From:* Desk\n*Sent:* Monday\n*To:* P\n*Subject:* RE: printer\n\n"
    "Dear Piet\n",
    "Outlook, German": "\n\nVon: Desk\nGesendet: Montag\nAn: P\nBetreff: AW: Drucker\n\nHallo\n",
    "original message, Dutch": "\n\n-----Oorspronkelijk bericht-----\nVan: x\nVerzonden: y\n"
    "Aan: z\n"
    "Onderwerp: q\n\noud\n",
    "original message, English": "\n\n-----Original Message-----\nold\n",
    "rule": "\n\n________________________________\nVan: Desk\nVerzonden: nu\nOnderwerp: q\n\noud\n",
    "rule, language not known": "\n\n________________________________\nOdesílatel: Desk\n\nstaré\n",
    "signature": "\n-- \nPiet\nTel 1234\n",
    "signature without space": "\n--\nPiet\n",
    "iPhone": "\n\nSent from my iPhone\n",
    "iPhone, Dutch": "\n\nVerstuurd vanaf mijn iPhone\n",
    "Android": "\n\nOutlook voor Android downloaden<https://aka.ms/x>\n",
    "signature and quote": "\n\n-- \nPiet\n\nOp ma 2 mrt 2026 om 10:00 schreef J <j@x.nl>:\n"
    "> Goed?\n",
    "greeting and name": "\n\nMet vriendelijke groet,\n\nPiet de Vries\n06-12345678\n"
    "www.example.org\n",
    "nested quotes": "\n\n> > a\n> b\n>> c\n",
}


@pytest.mark.parametrize("tail", CUT.values(), ids=CUT.keys())
def test_what_is_not_new_is_cut(tail: str) -> None:
    """C4."""
    mail = read_text(NEW + tail)
    assert mail.reply == NEW
    assert mail.text.strip() == (NEW + tail).strip()


KEPT = {
    "text after a greeting": "Kapot.\n\nMet vriendelijke groet,\nPiet\n\nDe foutcode is 42.",
    "a sentence with wrote": "On Monday Piet wrote:\nthe printer is broken.",
    "a sentence with schreef": "Op maandag schreef ik al:\nde printer is kapot.",
    "from in a sentence": "Van: de printer op zolder\nkomt rook.",
    "underscores": "Naam\n________________________________\nvul hier in",
    "two dashes far up": "a\n--\n" + "\n".join(f"regel {n}" for n in range(40)),
    "all quoted": "> alles\n> aangehaald",
    "only an attribution": "On Mon, Mar 2, 2026 at 10:00 Jan <j@x.nl> wrote:\n> old",
    "forwarded": "Zie hieronder.\n-- \nPiet\n\n---------- Forwarded message ---------\nFrom: x\n"
    "Date: y\nSubject: z\nTo: q\n\nhet probleem",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_may_be_new_is_kept(text: str) -> None:
    """C4: a quote too many is better than a sentence lost."""
    wanted = text.replace("\n-- \nPiet\n", "") if "Forwarded" in text else text
    assert read_text(text).reply.replace("\n\n", "\n") == wanted.replace("\n\n", "\n")


INLINE = {
    "answers between quotes": "> Vraag een?\nJa.\n> Vraag twee?\nNee, want\nhet kan niet.\n",
    "with attribution": "Op ma 2 mrt 2026 om 10:00 schreef J <j@x.nl>:\n\n> Vraag een?\nJa.\n\n"
    "> Vraag twee?\n\nNee, want\nhet kan niet.\n\n-- \nPiet\n",
    "below the quote": "On Mon, Mar 2, 2026 at 10:00, J <j@x.nl> wrote:\n> a?\n> b?\n\nJa.\n"
    "Nee, want\n"
    "het kan niet.\n",
}


@pytest.mark.parametrize("text", INLINE.values(), ids=INLINE.keys())
def test_answers_between_quotes_are_all_kept(text: str) -> None:
    """C4."""
    assert read_text(text).reply == "Ja.\nNee, want\nhet kan niet."


HTML = {
    "Gmail": '<div dir="ltr">Dank, het werkt weer.</div><br><div class="gmail_quote"><div '
    'dir="ltr" '
    'class="gmail_attr">Op ma 2 mrt 2026 om 10:00 schreef J &lt;<a href="mailto:j@x.nl">j@x.nl</a>'
    '&gt;:<br></div><blockquote class="gmail_quote">Goed?</blockquote></div>',
    "Outlook on the web": "<div>Dank, het werkt weer.</div><hr><div "
    "id=divRplyFwdMsg><b>Odesílatel:</b>"
    " Desk<br><b>Kdy:</b> nyní</div><div>staré</div>",
    "Outlook": "<p class=MsoNormal>Dank, het werkt weer.</p><div "
    "style='border:none;border-top:solid'>"
    "<p><b>Van:</b> Desk<br><b>Verzonden:</b> nu<br><b>Onderwerp:</b> x</p></div><p>oud</p>",
    "Apple": "<html><body>Dank, het werkt weer.<br><blockquote type=cite>Op 2 mrt. 2026 om 10:00 "
    "heeft J &lt;j@x.nl&gt; het volgende geschreven:<br>Goed?</blockquote></body></html>",
    "Gmail signature": "<div>Dank, het werkt weer.</div><div "
    "class='gmail_signature'>Piet<br>ACME</div>",
}


@pytest.mark.parametrize("markup", HTML.values(), ids=HTML.keys())
def test_quotes_of_html_are_cut(markup: str) -> None:
    """C4."""
    assert read_html(markup).reply == NEW


def test_a_forwarded_mail_is_new_as_a_whole() -> None:
    """C4: a contact passes on what somebody else reported."""
    text = b"Van: A\nVerzonden: nu\nAan: B\nOnderwerp: kapot\n\nhet lekt"
    assert read_body(b"Zie onder.\n\n" + text).reply == "Zie onder."
    raw = b"From: a@b.nl\nSubject: FW: kapot\n\nZie onder.\n\n" + text
    assert read_mail(raw).reply.endswith("het lekt")


def test_flowed_text_is_joined() -> None:
    """RFC 3676: soft line breaks go, quotes and the signature line stay."""
    body = b"een lange \nregel\n> oude \n> tekst\n-- \nPiet\n"
    mail = read_body(body, b"Content-Type: text/plain; format=flowed")
    assert mail.text == "een lange regel\n> oude tekst\n-- \nPiet"
    assert mail.reply == "een lange regel"
