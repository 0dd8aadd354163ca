"""The read models in PostgreSQL. Every query carries the scope of whoever asks."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from case_events.runtime.postgres import Connections, connection
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.core.principal import Scope
from case_portal.read_model.history import read_entry
from case_portal.read_model.ports import Listing, Order, Page, View
from case_portal.read_model.view import CaseView, FoundCase, HistoryEntry, LinkView

VISIBLE = """
    not %(nothing)s and tenant = %(tenant)s and reference <> ''
    and (%(customer)s::text is null or customer = %(customer)s)
    and (%(contact)s::text is null or contact = %(contact)s
         or state #> '{people,watchers}' ? ('contact/' || %(contact)s))
    and (%(agent)s::text is null or agent = %(agent)s)
    and (%(viewing_agent)s::text is null or %(viewing_agent)s <> all (hidden_from))
"""

FOUND = f"""
    select case_id, state from snapshots where {VISIBLE} and reference_key = upper(%(ref)s)
"""  # noqa: S608 - made of constants

EXISTING = f"""
    select reference from snapshots where {VISIBLE} and reference_key = any(%(references)s)
"""  # noqa: S608 - made of constants

LISTED = f"""
    select case_id, state from snapshots
    where {VISIBLE}
    and (select coalesce(bool_and(reference || ' ' || title ~* word), true)
         from unnest(%(words)s::text[]) as word)
"""  # noqa: S608 - made of constants

VIEWS: dict[View, str] = {
    "active": "and status_kind <> 'final'",
    "closed": "and status_kind = 'final'",
    "all": "",
}
ORDERS: dict[Order, str] = {
    "attention": "order by stands_out desc, updated_at desc, case_id",
    "due": "order by next_due, created_at, case_id",
}
"""In order of `next_due`, those without one are last."""

ENTRIES = """
    select document from documents
    where case_id = %(case)s and key like 'entry:%%'
    and (%(internal)s or not (document ->> 'internal')::boolean)
    order by key
"""

UNDECIDED = f"""
    select case_id, state from snapshots where {VISIBLE} and undecided and status_kind <> 'final'
    and state -> 'decisions' -> %(decision)s ->> 'state' = 'asked'
    order by state -> 'decisions' -> %(decision)s ->> 'asked_at', case_id limit %(most)s
"""  # noqa: S608 - made of constants
LINKS = """
    select document from documents where case_id = %(case)s and key like 'link:%%'
    order by (document ->> 'at')::timestamptz, document ->> 'case'
"""

BY_TIME = ("created_at", "updated_at", "last_answer_at")


class PostgresCases:
    """`read_model.ports.Cases` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        """The cases of a scope that a listing asks for."""
        query = sql.SQL("{} {} {} limit %(limit)s offset %(offset)s").format(
            sql.SQL(LISTED), sql.SQL(VIEWS[listing.view]), _order(listing)
        )
        asked = msgspec.structs.asdict(scope) | {
            "words": [word_pattern(word) for word in listing.search.split()],
            "rank": list(listing.ranks.get(listing.sort or "", ())),
            "limit": listing.size + 1,
            "offset": (listing.page - 1) * listing.size,
        }
        found = [_found(row) for row in await self._rows(query, asked)]
        return Page(found[: listing.size], len(found) > listing.size)

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        """The case of a reference, however it is capitalised."""
        if "\0" in reference:
            return None
        rows = await self._rows(sql.SQL(FOUND), msgspec.structs.asdict(scope) | {"ref": reference})
        return _found(rows[0]) if rows else None

    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        """Those of these references that are cases within a scope."""
        wanted = [reference.upper() for reference in references if "\0" not in reference]
        asked = msgspec.structs.asdict(scope) | {"references": wanted}
        found = {row["reference"] for row in await self._rows(sql.SQL(EXISTING), asked)}
        return frozenset(references) & found

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        """The history of a case, in order."""
        rows = await self._rows(sql.SQL(ENTRIES), {"case": case, "internal": internal})
        return [read_entry(row["document"]) for row in rows]

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """Cases of which this decision was asked and not made, the longest asked first."""
        asked = msgspec.structs.asdict(scope) | {"decision": decision, "most": most}
        return [_found(row) for row in await self._rows(sql.SQL(UNDECIDED), asked)]

    async def links(self, case: UUID) -> list[LinkView]:
        """The other cases that a case has, or had, to do with."""
        rows = await self._rows(sql.SQL(LINKS), {"case": case})
        return [msgspec.convert(row["document"], LinkView) for row in rows]

    async def _rows(self, query: sql.SQL | sql.Composed, asked: dict[str, Any]) -> list[DictRow]:
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def word_pattern(word: str) -> str:
    """A regular expression for a word of a search.

    It is found anywhere; with a `*` it is a whole word in which `*` stands for any letters.
    """
    word = word.replace("\0", "")
    if "*" not in word:
        return re.escape(word)
    inner = r"\S*".join(re.escape(part) for part in word.split("*"))
    return rf"(^|[^[:alnum:]]){inner}($|[^[:alnum:]])"


def _order(listing: Listing) -> sql.Composed:
    if listing.sort is None:
        return sql.Composed([sql.SQL(ORDERS[listing.order])])
    direction = sql.SQL("desc" if listing.descending else "asc")
    column = sql.Identifier(listing.sort)
    if listing.sort in listing.ranks:
        key = sql.SQL("array_position(%(rank)s::text[], {})").format(column)
    elif listing.sort in BY_TIME:
        key = sql.Composed([column])
    else:
        key = sql.SQL("lower({})").format(column)
    return sql.SQL("order by {} {} nulls last, reference").format(key, direction)


def _found(row: DictRow) -> FoundCase:
    # JSON has no numbers as keys, which those of the work account's entries are.
    return FoundCase(row["case_id"], msgspec.convert(row["state"], CaseView, str_keys=True))
