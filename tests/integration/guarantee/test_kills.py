"""The guarantee: everything acknowledged counts once, whatever is killed (issue 3, point 12)."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres

from tests.integration.guarantee.breaking import Breaking
from tests.support.faults.form_counts import FormSender, forms
from tests.support.faults.history_counts import count, everything_written_was_taken_in
from tests.support.faults.mail_counts import Senders, conversations
from tests.support.real.platform import SERVICES, RunningPlatform

TALKS, REPLIES = 250, 3
MAILS = TALKS * (1 + REPLIES)
FORMS = 42
A_MOMENT = 0.5
PACE = 0.02


@pytest.mark.real
def test_each_part_is_killed_once_while_a_thousand_mails_and_forms_come_in(
    breaking: Breaking, platform: RunningPlatform
) -> None:
    """Every mail with a 250 is one case or one comment, every form that the portal took is one
    case with its file; nothing doubled, nothing lost."""
    began = time.monotonic()
    talks = conversations(TALKS, REPLIES)
    kills: list[Callable[[], None]] = [
        *(partial(kill_service, platform, name) for name in SERVICES),
        partial(kill_server, platform.kafka),
        partial(kill_server, platform.postgres),
    ]
    share, filled_in = MAILS // len(kills), forms(FORMS)
    with (
        breaking.started_again(),
        Senders(platform.ports["smtp"], talks, pace=PACE) as senders,
        FormSender(platform.url("portal"), filled_in) as contact,
    ):
        for number, kill in enumerate(kills):
            senders.allow(share)
            contact.allow(FORMS // len(kills))
            senders.wait_for(number * share + share // 3)
            kill()
        senders.send_all()
        contact.send_all(60.0)
        sent = time.monotonic()
        counted = count(platform, senders.mails, forms=filled_in)
    places = everything_written_was_taken_in(platform)
    proven = platform.command("case", "verify", "--all")
    [(events,)] = platform.query("workflow", "SELECT count(*) FROM log WHERE version > 0")
    assert proven.startswith(f"{events} events of")
    print(
        f"{len(senders.acknowledged)} mails with a 250 in {senders.attempts} attempts, "
        f"{len(contact.acknowledged)} forms taken in, in {contact.attempts} attempts, "
        f"{len(kills)} parts killed; {counted}; read up to the end at {places} places; "
        f"{proven.strip()}; {sent - began:.0f} s to send, {time.monotonic() - began:.0f} s in all"
    )
    assert (counted.cases, counted.comments) == (TALKS + FORMS, TALKS * REPLIES)
    assert counted.confirmations == TALKS + FORMS


def kill_service(platform: RunningPlatform, name: str) -> None:
    """SIGKILL; a supervisor starts it again."""
    platform.kill(name)
    time.sleep(A_MOMENT)


def kill_server(server: EmbeddedKafka | EmbeddedPostgres) -> None:
    """SIGKILL, and after a moment a new start on the same data."""
    server.kill()
    time.sleep(A_MOMENT)
    server.start()
