"""Two tiny services: one counts what it is told, case by case; the other echoes its history."""

from datetime import datetime, timedelta

from case_events.contracts.base import Event
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import Record
from case_events.kernel import (
    Draft,
    Effect,
    EffectDone,
    Outcome,
    Service,
    Timer,
    TimerDue,
)
from case_events.topics import CASES, INTAKE
from msgspec import Struct


class Known:
    """Reference data of a test: the names of the definitions that have arrived."""

    def __init__(self) -> None:
        self.definitions = {""}
        self.healed = False

    def apply(self, record: Record) -> None:
        self.definitions.add(record.definition)

    def knows(self, record: Record) -> bool:
        return record.definition in self.definitions


class Counted(Struct, frozen=True):
    """What was taken in, in order: each input, timer and effect under its own name."""

    had: tuple[str, ...] = ()


def count(state: Counted | None, record: Record, reference: Known) -> Outcome[Counted]:
    """Count one input; a word in it sets a timer, asks an effect, or cannot be taken."""
    event = record.data
    had = state.had if state else ()
    match event:
        case ReplyReceived():
            name = event.message_id
        case TimerDue():
            name = f"timer {event.name} due {event.due:%H:%M}"
        case EffectDone():
            doubt = " uncertain" if event.uncertain else ""
            name = f"effect {event.key} {event.result} after {event.attempts}{doubt}"
        case _:
            raise TypeError(record.type)
    found_by = event.found_by if isinstance(event, ReplyReceived) else ""
    word, _, argument = found_by.partition(" ")
    if word == "poison" and not reference.healed:
        raise ValueError("this one is poison")
    fact = NoticeSuppressed(notice=name, about=len(had) + 1, recipient="", reason="counted")
    return Outcome(
        state=Counted((*had, name)),
        events=(Draft(topic=CASES, event=fact), *_broken(word)),
        timers=_timers(word, argument, record.occurred_at),
        effects=(Effect(key=argument, kind="mail", payload=b"x"),) if word == "effect" else (),
    )


def _broken(word: str) -> tuple[Draft, ...]:
    """A fact of no contract, which cannot be written."""
    return (Draft(topic=CASES, event=Event()),) if word == "broken" else ()


def _timers(word: str, argument: str, at: datetime) -> tuple[Timer, ...]:
    if word == "timer":
        return (Timer("ring", at + timedelta(seconds=float(argument))),)
    return (Timer("ring", None),) if word == "clear" else ()


def echo(state: Counted | None, record: Record, reference: Known) -> Outcome[Counted]:
    """Remember every fact of the history, in order."""
    assert isinstance(record.data, NoticeSuppressed)
    had = state.had if state else ()
    return Outcome(state=Counted((*had, record.data.notice)))


COUNTER: Service[Counted, Known] = Service(
    name="counter", topics=(INTAKE,), state_type=Counted, react=count, writes_history=True
)
ECHO: Service[Counted, Known] = Service(
    name="echo", topics=(CASES,), state_type=Counted, react=echo
)
