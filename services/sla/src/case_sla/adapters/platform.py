"""Reads histories and terms of a running platform over the HTTP API of workflow.

Every function raises `NoAnswer` if workflow does not answer or refuses.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPException
from itertools import groupby
from urllib.parse import quote

from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import compile_agreement
from case_events.envelope import Record
from case_events.tokens.tools import NoAnswer, ask_workflow
from case_events.wire.codec import decode_opened


def terms(tenant: str) -> Reference:
    """Every version of a tenant's definition and agreements."""
    known = Reference()
    with ask_workflow("/terms", {"tenant": tenant}) as opened:
        answer = json.load(opened)
    for document in answer["definitions"]:
        known.add_definition(compile_definition(document))
    for document in answer["agreements"]:
        known.add_agreement(compile_agreement(document))
    return known


def case_records(reference: str, tenant: str = "") -> list[Record]:
    """The history of one case."""
    lines = _lines(f"/records/{quote(reference, safe='')}", {"tenant": tenant})
    return [decode_opened(line) for line in lines]


def created_cases(tenant: str, since: datetime, until: datetime) -> Iterator[list[bytes]]:
    """The encoded records that move clocks, of the cases that a tenant received from `since` until
    `until` (not included): a list for each case, in order."""
    asked = {"tenant": tenant, "since": since.isoformat(), "until": until.isoformat()}
    return _by_case(_lines("/records", asked))


def open_cases(tenant: str, customer: str) -> Iterator[list[bytes]]:
    """The encoded records that move clocks, of the open cases of a customer: a list for each case,
    in order."""
    return _by_case(_lines("/records", {"tenant": tenant, "customer": customer}))


def _by_case(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    for _, records in groupby(lines, _case_of):
        yield list(records)


def _case_of(line: bytes) -> bytes:
    """The case id in an encoded record. Finding it is cheaper than decoding the record."""
    start = line.rindex(b'"case":"') + 8
    return line[start : start + 36]


def _lines(path: str, query: dict[str, str]) -> Iterator[bytes]:
    with ask_workflow(path, query) as answer:
        try:
            for line in answer:
                yield line.rstrip(b"\n")
        except (HTTPException, OSError) as error:
            raise NoAnswer(f"workflow stopped answering: {error}") from error
