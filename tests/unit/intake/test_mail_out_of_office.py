"""C4: an out-of-office reply is known by its words in twenty languages, and a person who asks about
one is a person."""

import pytest
from case_intake.domain.mail import Automatic, read_mail
from case_intake.domain.mail.machine_words import WORDS

REPLIES = {
    "nl": ("Automatisch antwoord: Printer stuk", "Ik ben er niet tot 3 maart."),
    "en": ("Out of Office: Re: Printer broken", "I am away until Monday."),
    "de": ("Abwesenheitsnotiz: Drucker defekt", "Ich bin im Urlaub. Dringend? 030-1234567"),
    "fr": ("Absence du bureau : Re: Imprimante", "Je suis absent jusqu'au 3 mars."),
    "es": ("Respuesta automática: Impresora", "Estoy fuera hasta el lunes."),
    "it": ("Risposta automatica: Stampante", "Sono fuori ufficio fino a lunedì."),
    "pt": ("Resposta automática: Impressora", "Estou de férias até segunda-feira."),
    "da": ("Automatisk svar: Printer", "Jeg er ikke på kontoret før mandag."),
    "nb": ("Fraværsmelding: Skriver", "Jeg har ferie til mandag."),
    "sv": ("Frånvaro: Skrivare", "Jag är på semester till måndag."),
    "fi": ("Automaattinen vastaus: Tulostin", "Olen lomalla maanantaihin."),
    "pl": ("Odpowiedz automatyczna: Re: Drukarka", "Nie ma mnie w biurze."),
    "cs": ("Automatická odpověď: Tiskárna", "Jsem na dovolené do pondělí."),
    "hu": ("Automatikus válasz: Nyomtató", "Szabadságon vagyok hétfőig."),
    "tr": ("Otomatik yanıt: Yazıcı", "Pazartesiye kadar ofis dışındayım."),
    "ru": ("Автоматический ответ: Принтер", "Меня нет в офисе до понедельника."),
    "uk": ("Автоматична відповідь: Принтер", "Я у відпустці до понеділка."),
    "ja": ("自動応答: プリンター", "月曜日まで不在にしております。"),
    "zh": ("自动回复：打印机", "我正在休假。"),
    "ko": ("자동 회신: 프린터", "월요일까지 부재중입니다."),
}

LANGUAGES = list(REPLIES)


def read(subject: str, text: str, *fields: str, sender: str = "anouk@dijk.example") -> Automatic:
    """Who wrote a mail with this subject and text."""
    head = (
        f"From: {sender}",
        f"Subject: {subject}",
        *fields,
        "Content-Type: text/plain; charset=utf-8",
    )
    return read_mail(("\n".join(head) + f"\n\n{text}\n").encode()).automatic


OURS = "In-Reply-To: <o@desk.example>"
THEIRS = "In-Reply-To: <o@dijk.example>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_by_words_is_a_machines(language: str) -> None:
    subject, text = REPLIES[language]
    assert read(subject, text, OURS).is_
    assert read(f"[EXTERNAL] {subject}", text, OURS).is_


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_in_a_mail_of_its_own_are_a_persons(language: str) -> None:
    subject, text = REPLIES[language]
    assert not read(subject, text).is_


def test_the_table_has_every_language() -> None:
    assert sorted(WORDS.reply_subjects) == sorted(WORDS.reply_texts) == sorted(LANGUAGES)


@pytest.mark.parametrize(
    ("subject", "text", "field"),
    [
        ("Out of office: how do I set this up?", "How?", "X-Any: thing"),
        ("Out of office: how do I set this up?", "And one more thing.", OURS),
        ("Out of office", "Can you tell me how it works?", OURS),
        ("Out of office: the setting", "And one more thing.", THEIRS),
        ("My out of office does not work", "It stays off.", OURS),
        ("Re: Out of office: the setting", "It works now.", OURS),
        ("Vakantiegeld: hoeveel?", "Graag uitleg.", OURS),
    ],
)
def test_a_person_who_asks_about_one_is_a_person(subject: str, text: str, field: str) -> None:
    assert not read(subject, text, field).is_


def test_a_colleague_at_the_desks_own_domain_is_known_by_the_text() -> None:
    """Their domain is also that of our Message-IDs."""
    assert read("Out of office: Printer", "I am away.", OURS, sender="a@desk.example").is_


def test_a_complaint_of_a_provider_is_a_machines() -> None:
    raw = (
        b"From: staff@provider.example\nSubject: complaint about message from 192.0.2.1\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        b"From: desk@example.net\n\nHello\n--b--\n"
    )
    assert read_mail(raw).automatic.why == "report: feedback-report"
