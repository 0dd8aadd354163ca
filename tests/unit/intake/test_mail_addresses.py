"""C1, C4, issue 13.4: who wrote, as the best mail programs show it."""

import pytest
from case_intake.domain.mail import read_mail

AT = "anouk@x.nl"
SENDERS = {
    "comma without quotes": (f"Dijk, Anouk van <{AT}>", "Dijk, Anouk van"),
    "two commas": (f"Dijk, Anouk van, Example <{AT}>", "Dijk, Anouk van, Example"),
    "raw comma in UTF-8": (f"van Dijk, Anoük <{AT}>", "van Dijk, Anoük"),
    "encoded comma": (f"=?utf-8?Q?van_Dijk=2C_Ano=C3=BCk?= <{AT}>", "van Dijk, Anoük"),
    "raw comma in an encoded word": (f"=?iso-8859-1?Q?Br=FCggen,=20Eva?= <{AT}>", "Brüggen, Eva"),
    "words around a comma": (f"=?utf-8?Q?Dijk?=, =?utf-8?Q?Ano=C3=BCk?= <{AT}>", "Dijk, Anoük"),
    "encoded word in quotes": (f'"=?utf-8?Q?Dijk=2C_A?=" <{AT}>', "Dijk, A"),
    "all encoded": ("=?utf-8?Q?Anouk_=3Canouk=40x.nl=3E?=", "Anouk"),
    "encoded up to the at": ("=?UTF-8?B?IkFub3VrIHZEIiA8YW5vdWs=?=@x.nl>", "Anouk vD"),
    "encoded in angles": ("Anouk <=?utf-8?Q?anouk=40x.nl?=>", "Anouk"),
    "colon": (f"Support: Anouk <{AT}>", "Support: Anouk"),
    "group": (f"Support: Anouk <{AT}>;", "Anouk"),
    "at in the name": (f"b@y.nl via Portal <{AT}>", "b@y.nl via Portal"),
    "lone quote": (f'Anouk" <{AT}>', "Anouk"),
    "name without angles": (f"Anouk {AT}", "Anouk"),
    "name in a comment": (f"{AT} (Anouk van Dijk)", "Anouk van Dijk"),
    "mailto": (f"Anouk <mailto:{AT}>", "Anouk"),
    "two angles": (f"Anouk <<{AT}>>", "Anouk"),
    "single quotes": (f"'{AT}' <'{AT}'>", AT),
    "route": (f"Anouk <@relay.nl:{AT}>", "Anouk"),
    "dot at the end": (f"Anouk <{AT}.>", "Anouk"),
    "space in angles": ("Anouk < anouk@x.nl >", "Anouk"),
    "address before empty angles": (f"{AT} <>", ""),
    "invisible marks": (f"Anouk\u202e <\u200b{AT}>", "Anouk"),
    "semicolon": (f"Anouk <{AT}>; Piet <piet@x.nl>", "Anouk"),
    "no address first": (f'"Example Trading" <>, "Anouk" <{AT}>', "Anouk"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "name"), SENDERS.values(), ids=SENDERS.keys())
def test_the_sender_is_read_as_mail_programs_show_it(value: str, name: str) -> None:
    sender = read_mail(f"From: {value}\n\nx".encode()).from_
    assert (sender.address, sender.name) == (AT, name)


FIELDS = {
    "junk before": (b"From: [??????]\nFrom: Anouk <anouk@x.nl>\n", "From"),
    "two, and one of them sent": (
        b"From: B <b@y.nl>, A <anouk@x.nl>\nSender: anouk@x.nl\n", "several",
    ),
    "no From, Sender": (b"Sender: anouk@x.nl\nReply-To: b@y.nl\n", "Sender"),
    "no From, Reply-To": (b"Reply-To: <anouk@x.nl>\n", "Reply-To"),
    "empty From, Reply-To": (b'From: "A" <>\nReply-To: <anouk@x.nl>\n', "Reply-To"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "problem"), FIELDS.values(), ids=FIELDS.keys())
def test_the_sender_is_found_where_from_is_broken(fields: bytes, problem: str) -> None:
    mail = read_mail(fields + b"\nx")
    assert mail.from_.address == AT
    assert any(problem in one for one in mail.problems)


def test_the_first_of_several_senders_counts_where_sender_names_another() -> None:
    mail = read_mail(b"From: A <anouk@x.nl>, B <b@y.nl>\nSender: list@z.nl\n\nx")
    assert mail.from_.address == AT


def test_an_address_in_a_name_is_never_the_sender() -> None:
    """Nobody speaks in another's name: the address in angles counts, whatever the name says."""
    encoded = ("=?utf-8?Q?b=40corp.nl_=3Cb=40corp.nl=3E?=", "=?utf-8?Q?b=40corp.nl=2C?=")
    for name in ("b@corp.nl", '"b@corp.nl"', *encoded):
        assert read_mail(f"From: {name} <{AT}>\n\nx".encode()).from_.address == AT


LISTS = {
    "names with commas": ("Dijk, A <a@x.nl>, Jansen, J <j@x.nl>", ["a@x.nl", "j@x.nl"]),
    "no name, then a name with a comma": ("a@x.nl, Jansen, J <j@x.nl>", ["a@x.nl", "j@x.nl"]),
    "group among others": ("a@x.nl, team: b@x.nl, C <c@x.nl>;, d@x.nl",
                           ["a@x.nl", "b@x.nl", "c@x.nl", "d@x.nl"]),
    "semicolons": ("a@x.nl; B <b@x.nl>;", ["a@x.nl", "b@x.nl"]),
    "all encoded": ("=?utf-8?Q?a=40x.nl=2C_B_=3Cb=40x.nl=3E?=", ["a@x.nl", "b@x.nl"]),
}  # fmt: skip


@pytest.mark.parametrize(("value", "found"), LISTS.values(), ids=LISTS.keys())
def test_lists_are_read(value: str, found: list[str]) -> None:
    mail = read_mail(f"From: z@x.nl\nTo: {value}\n\nx".encode())
    assert [one.address for one in mail.to] == found


def test_a_daemon_without_an_address_keeps_its_name() -> None:
    sender = read_mail(b"From: MAILER-DAEMON (Mail Delivery System)\n\nx").from_
    assert (sender.address, sender.name) == ("MAILER-DAEMON", "Mail Delivery System")
