"""The count after a run: every mail once, every event once, every projection equal to the fold."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.contracts.base import label_of
from case_events.contracts.cases import AgreementApplied, CommentAdded
from case_events.contracts.intake import CaseCreated
from case_events.contracts.notices import NoticeSent
from case_events.contracts.sla import DeadlineSet
from case_events.envelope import Delivery, Record, digest
from case_events.kernel import Service, replay
from case_events.runtime.kafka import KafkaCluster, ReferenceFeed
from case_events.wire.signing import Forged
from case_workflow.application.react import WorkflowState
from case_workflow.domain.case import Case, fold

from tests.support.faults.form_counts import CountedForm, each_form_is_in_once
from tests.support.faults.mail_counts import Mail
from tests.support.faults.service_quiescence import services, wait_until_quiet
from tests.support.real.platform import SERVICES, RunningPlatform
from tests.support.wire import codec

FIRST_TARGETS = {"first_response", "resolution"}
"""Metrics whose clocks start with the case."""


class Event(NamedTuple):
    """One event of a case, and its stored bytes."""

    record: Record
    value: bytes


Histories = dict[UUID, list[Event]]


class Counted(NamedTuple):
    """The counts of a run without errors."""

    cases: int
    comments: int
    events: int
    confirmations: int
    second_copies: int
    unknown: int
    deadlines: int
    projections: int


def count(
    platform: RunningPlatform,
    mails: Sequence[Mail],
    timeout: float = 300.0,
    forms: Sequence[CountedForm] = (),
) -> Counted:
    """Wait until no work is left, and count. The AssertionError names a broken promise."""
    wait_until_quiet(platform, timeout)
    histories = read_histories(platform, mails, forms)
    reference = asyncio.run(read_reference(platform))
    each_mail_is_in_once(histories, mails)
    first = (history[0].record for history in histories.values())
    each_form_is_in_once(platform, first, forms)
    versions_have_no_gap(histories)
    no_fact_is_doubled(histories)
    nothing_is_parked(platform, histories)
    deadlines = each_deadline_is_set_once(histories, reference)
    confirmations, second, unknown = each_confirmation_arrived(platform, histories)
    projections = each_projection_is_the_fold(platform, histories, reference)
    events = [event for history in histories.values() for event in history]
    return Counted(
        cases=len(histories),
        comments=sum(isinstance(event.record.data, CommentAdded) for event in events),
        events=len(events),
        confirmations=confirmations,
        second_copies=second,
        unknown=unknown,
        deadlines=deadlines,
        projections=projections,
    )


async def read_reference(platform: RunningPlatform) -> Reference:
    """The reference data as every service has it."""
    reference = Reference()

    async def take(one: Delivery) -> None:
        with suppress(Forged):  # no service applies what somebody else published
            reference.apply(codec.receive(one))

    feed = ReferenceFeed(KafkaCluster(platform.kafka.bootstrap), "count", take)
    running = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(feed.ready.wait(), 120)
    finally:
        running.cancel()
        await asyncio.wait([running])
    return reference


def read_histories(
    platform: RunningPlatform, mails: Iterable[Mail], forms: Iterable[CountedForm] = ()
) -> Histories:
    """The histories of the cases of these mails and forms."""
    histories: Histories = defaultdict(list)
    rows = platform.query(
        "workflow", "SELECT case_id, value FROM log WHERE version > 0 ORDER BY case_id, version"
    )
    for case, value in rows:
        histories[case].append(Event(codec.decode(value), value))
    ours = {mail.message_id for mail in mails}
    titles = {form.title for form in forms}
    return {
        case: history
        for case, history in histories.items()
        if _title(history[0]) in titles or any(_message_id(event) in ours for event in history)
    }


def _title(event: Event) -> str:
    data = event.record.data
    return data.personal.title if isinstance(data, CaseCreated) else ""


def _message_id(event: Event) -> str:
    data = event.record.data
    return data.message_id if isinstance(data, CaseCreated | CommentAdded) else ""


def each_mail_is_in_once(histories: Histories, mails: Sequence[Mail]) -> None:
    """An opening is one case, and a reply is one comment of that case; nothing else arrived."""
    found: defaultdict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for case, history in histories.items():
        for event in history:
            if message_id := _message_id(event):
                found[message_id].append((case, label_of(event.record.data)))
    sent = {mail.message_id for mail in mails}
    assert found.keys() <= sent, f"nobody sent {sorted(found.keys() - sent)[:5]}"
    times = {mail.message_id: len(found[mail.message_id]) for mail in mails}
    wrong = {message_id: times for message_id, times in times.items() if times != 1}
    assert not wrong, (
        f"{len(wrong)} of {len(sent)} mails are not in once: {Counter(times.values())}"
    )
    for mail in mails:
        [(case, kind)] = found[mail.message_id]
        expected = "comment_added" if mail.answers else "case_created"
        assert kind == expected, f"{mail.title} became {kind}"
        assert found[mail.answers or mail.message_id][0][0] == case, f"{mail.title} went astray"


def versions_have_no_gap(histories: Histories) -> None:
    """Versions run from 1 without a gap, each event chained to the one before."""
    for case, history in histories.items():
        versions = [event.record.version for event in history]
        assert versions == [*range(1, len(history) + 1)], f"versions of {case}: {versions}"
        previous = ["", *(digest(event.value) for event in history[:-1])]
        assert [event.record.previous for event in history] == previous, f"chain of {case}"


def no_fact_is_doubled(histories: Histories) -> None:
    """No two events of a case are equal. In these conversations nothing happens twice."""
    for case, history in histories.items():
        counts = Counter(
            (event.record.type, msgspec.json.encode(event.record.data)) for event in history
        )
        doubled = [fact for fact, times in counts.items() if times > 1]
        assert not doubled, f"doubled in {case}: {doubled[:3]}"


def nothing_is_parked(platform: RunningPlatform, histories: Histories) -> None:
    """All of these cases continue, in every service."""
    for name in SERVICES:
        parked = platform.query(
            name, "SELECT case_id, error FROM parked WHERE case_id = ANY(%s)", list(histories)
        )
        assert not parked, f"parked in {name}: {parked[:3]}"


def each_deadline_is_set_once(histories: Histories, reference: Reference) -> int:
    """Each target of a case's agreement has one deadline. Returns the count."""
    deadlines = 0
    for case, history in histories.items():
        facts = [event.record.data for event in history]
        [agreement] = [fact.agreement for fact in facts if isinstance(fact, AgreementApplied)]
        targets = reference.agreement(agreement).document.targets if agreement else ()
        expected = sorted(FIRST_TARGETS & {target.metric for target in targets})
        set_for = sorted(fact.target for fact in facts if isinstance(fact, DeadlineSet))
        assert set_for == expected, f"deadlines of {case}: {set_for}"
        deadlines += len(set_for)
    return deadlines


def each_confirmation_arrived(
    platform: RunningPlatform, histories: Histories
) -> tuple[int, int, int]:
    """Each case has one confirmation, in its history and at its recipient. Returns how many
    arrived, how many of them are second copies, and how many are recorded as unknown."""
    sent = [
        event.record.data
        for history in histories.values()
        for event in history
        if isinstance(event.record.data, NoticeSent)
    ]
    confirmed = Counter(
        case
        for case, history in histories.items()
        for event in history
        if isinstance(event.record.data, NoticeSent) and event.record.data.notice == "confirmation"
    )
    wrong = {case: confirmed[case] for case in histories if confirmed[case] != 1}
    assert not wrong, f"confirmations on record: {wrong}"
    arrived = Counter(mail["message_id"].strip("<>") for mail in platform.mails())
    for notice in sent:
        copies = arrived[notice.message_id.strip("<>")]
        assert copies >= 1, f"{notice} is on record and did not arrive"
        assert copies == 1 or notice.unknown, f"{copies} copies, and no doubt on record: {notice}"
    second = sum(arrived[notice.message_id.strip("<>")] - 1 for notice in sent)
    return len(confirmed), second, sum(notice.unknown for notice in sent)


def each_projection_is_the_fold(
    platform: RunningPlatform, histories: Histories, reference: Reference
) -> int:
    """The state of each service of each case equals the fold of its history. Returns the count."""
    projections = 0
    cases = list(histories)
    for service in services():
        rows = platform.query(
            service.name,
            "SELECT case_id, version, state::text FROM snapshots WHERE case_id = ANY(%s)",
            cases,
        )
        found = {case: (version, state) for case, version, state in rows}
        for case, history in histories.items():
            assert case in found, f"{service.name} does not know {case}"
            version, state = found[case]
            assert version == len(history), f"{service.name} knows {case} up to {version}"
            kept = msgspec.json.decode(state, type=service.state_type)
            made = _remade(service, kept, history, reference)
            assert kept == made, f"{service.name} of {case} is {kept}, and not {made}"
            projections += 1
    entries = platform.query(
        "portal",
        "SELECT case_id, count(*) FROM documents WHERE key LIKE 'entry:%%' AND case_id = ANY(%s)"
        " GROUP BY case_id",
        cases,
    )
    assert dict(entries) == {case: len(history) for case, history in histories.items()}
    return projections


def _remade(
    service: Service[Any, Reference], kept: Any, history: list[Event], reference: Reference
) -> Any:
    """The state that a service would have, had it only this history to read."""
    if isinstance(kept, WorkflowState):
        start = Case(channel=history[0].record.channel)
        case = replay(fold, start, (event.record.data for event in history))
        return WorkflowState(case, history[0].record.definition, kept.last)
    state: Any = None
    for record, _ in history:
        is_reacted_to = service.reacts_to is None or type(record.data) in service.reacts_to
        if record.version == 1 or is_reacted_to:
            state = service.react(state, record, reference).state
    return state


def everything_written_was_taken_in(platform: RunningPlatform) -> int:
    """Each reader of a topic has processed the last record of each log in it. Returns the number of
    places."""
    places = 0
    for writer in SERVICES:
        last = platform.query(
            writer,
            "SELECT topic, target_partition, partition, max(sequence) FROM log GROUP BY 1, 2, 3",
        )
        for reader in services():
            rows = platform.query(
                reader.name, "SELECT application_name, notification_id FROM tracking"
            )
            had = dict(rows)
            for topic, target_partition, partition, sequence in last:
                if topic in reader.topics:
                    name = f"{topic}/{target_partition}/{writer}/{partition}"
                    assert had.get(name) == sequence, f"{reader.name} had {had.get(name)} of {name}"
                    places += 1
    return places
