"""The read models in PostgreSQL. Every query contains the scope of its principal."""

import re
from collections.abc import Collection
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.core.principal import Scope
from case_portal.read_model.history import read_entry
from case_portal.read_model.ports import Listing, Page, View
from case_portal.read_model.view import CaseView, FoundCase, HistoryEntry, LinkView

STATEMENTS = load_statements("case_portal.database", "read_model")
BY_TIME = ("created_at", "updated_at", "last_answer_at")


class PostgresCases:
    """`read_model.ports.Cases` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        """The cases of a scope that a listing asks for."""
        query = _visible(STATEMENTS["list_cases"], view=_view(listing.view), order=_order(listing))
        asked = msgspec.structs.asdict(scope) | {
            "words": [word_pattern(word) for word in listing.search.split()],
            "rank": list(listing.ranks.get(listing.sort or "", ())),
            "limit": listing.size + 1,
            "offset": (listing.page - 1) * listing.size,
        }
        found = [_found(row) for row in await self._rows(query, asked)]
        return Page(found[: listing.size], len(found) > listing.size)

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        """The case of a reference, in any capitalisation."""
        if "\0" in reference:
            return None
        asked = msgspec.structs.asdict(scope) | {"ref": reference}
        rows = await self._rows(_visible(STATEMENTS["find_case"]), asked)
        return _found(rows[0]) if rows else None

    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        """Those of these references that are cases within a scope."""
        wanted = [reference.upper() for reference in references if "\0" not in reference]
        asked = msgspec.structs.asdict(scope) | {"references": wanted}
        rows = await self._rows(_visible(STATEMENTS["existing_references"]), asked)
        return frozenset(references) & {row["reference"] for row in rows}

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        """The history of a case, in order."""
        rows = await self._rows(
            sql.SQL(STATEMENTS["entries"]), {"case": case, "internal": internal}
        )
        return [read_entry(row["document"]) for row in rows]

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """The cases with this decision requested and not made, the longest requested first."""
        asked = msgspec.structs.asdict(scope) | {"decision": decision, "most": most}
        rows = await self._rows(_visible(STATEMENTS["undecided_cases"]), asked)
        return [_found(row) for row in rows]

    async def links(self, case: UUID) -> list[LinkView]:
        """The other cases that are, or were, linked to a case."""
        rows = await self._rows(sql.SQL(STATEMENTS["links"]), {"case": case})
        return [msgspec.convert(row["document"], LinkView) for row in rows]

    async def _rows(self, query: sql.SQL | sql.Composed, asked: dict[str, Any]) -> list[DictRow]:
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def word_pattern(word: str) -> str:
    """A regular expression for a word of a search.

    The word matches anywhere. A word with a `*` matches as a whole word, in which `*` stands for
    any letters.
    """
    word = word.replace("\0", "")
    if "*" not in word:
        return re.escape(word)
    inner = r"\S*".join(re.escape(part) for part in word.split("*"))
    return rf"(^|[^[:alnum:]]){inner}($|[^[:alnum:]])"


def _visible(statement: LiteralString, **pieces: sql.Composable) -> sql.Composed:
    """A statement within a scope."""
    return sql.SQL(statement).format(visible=sql.SQL(STATEMENTS["visible"]), **pieces)


def _view(view: View) -> sql.SQL:
    match view:
        case "active":
            return sql.SQL(STATEMENTS["view_active"])
        case "closed":
            return sql.SQL(STATEMENTS["view_closed"])
        case "all":
            return sql.SQL("")


def _order(listing: Listing) -> sql.Composable:
    if listing.sort is None:
        by_due = listing.order == "due"
        return sql.SQL(STATEMENTS["order_by_due"] if by_due else STATEMENTS["order_by_attention"])
    key: sql.Composable = sql.Identifier(listing.sort)
    if listing.sort in listing.ranks:
        key = sql.SQL(STATEMENTS["by_rank"]).format(column=key)
    elif listing.sort not in BY_TIME:
        key = sql.SQL(STATEMENTS["by_letters"]).format(column=key)
    down = listing.descending
    order = STATEMENTS["order_descending"] if down else STATEMENTS["order_ascending"]
    return sql.SQL(order).format(key=key)


def _found(row: DictRow) -> FoundCase:
    # JSON has no numbers as keys, but the entries of the work account have numbers as keys.
    return FoundCase(row["case_id"], msgspec.convert(row["state"], CaseView, str_keys=True))
