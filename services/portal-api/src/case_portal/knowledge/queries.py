"""Articles in PostgreSQL: saving, and finding by typed words."""

import re
from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from case_definition.schema.directory import Article
from case_events.runtime.postgres import Connections, connection, load_statements
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from case_portal.knowledge.service import Found, Wanted

STATEMENTS = load_statements("case_portal.database", "knowledge")
UNFINISHED = re.compile(r"\w{2,}$")


class PostgresArticles:
    """`knowledge.service.Articles` over the tables of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def found(self, wanted: Wanted) -> list[Found]:
        """The articles that match, best first."""
        asked = msgspec.structs.asdict(wanted) | _audiences(wanted.for_contacts)
        for name in ("title", "text"):
            asked[name] = asked[name].replace("\0", " ")
        ends = (UNFINISHED.search(asked[name]) for name in ("title", "text"))
        asked["unfinished"] = [end[0] for end in ends if end]
        has_words = f"{wanted.title}{wanted.text}".strip() != ""
        query = STATEMENTS["search"] if has_words else STATEMENTS["list"]
        rows = await self._rows(query, asked)
        return [Found(_article(row), float(row["score"])) for row in rows]

    async def article(self, tenant: str, article: str, for_contacts: bool) -> Article | None:
        """An article, if it may be read."""
        if "\0" in article:
            return None
        asked = {"tenant": tenant, "id": article} | _audiences(for_contacts)
        rows = await self._rows(STATEMENTS["find"], asked)
        return _article(rows[0]) if rows else None

    async def counted(self, tenant: str) -> dict[str, int]:
        """How many articles there are on each topic."""
        rows = await self._rows(STATEMENTS["count_by_topic"], [tenant])
        return {row["topic"]: row["many"] for row in rows}

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        """Save the articles that are newer than the saved versions."""
        keys = [[one.tenant for _, one in articles], [one.id for _, one in articles]]
        rows = await self._rows(STATEMENTS["find_known"], keys)
        known = {(row["tenant"], row["id"]): row["record"] for row in rows}
        news = [
            _came(record, article)
            for record, article in articles
            if (article.tenant, article.id) not in known
            or known[article.tenant, article.id] < record
        ]
        if not news:
            return
        came = [msgspec.json.encode(news).decode()]
        async with connection(self._pool) as db:
            await db.execute(STATEMENTS["lock"])
            forgotten = await db.execute(_with_came(STATEMENTS["forget_words"]), came)
            kept = await (await db.execute(_with_came(STATEMENTS["save"]), came)).fetchall()
            await db.execute(STATEMENTS["index_words"], [[number for (number,) in kept]])
            if forgotten.rowcount:
                tenants = sorted({article.tenant for _, article in articles})
                await db.execute(STATEMENTS["delete_unused_words"], [tenants])

    async def _rows(self, query: LiteralString, asked: Any) -> list[DictRow]:
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _with_came(query: LiteralString) -> sql.Composed:
    return sql.SQL(query).format(came=sql.SQL(STATEMENTS["came"]))


def _audiences(for_contacts: bool) -> dict[str, list[str]]:
    return {"audiences": ["contact"] if for_contacts else ["contact", "agent"]}


def _came(record: UUID, article: Article) -> dict[str, Any]:
    return {
        "tenant": article.tenant,
        "id": article.id,
        "record": record,
        "topic": article.topic,
        "audience": article.audience,
        "case_types": article.case_types,
        "active": article.active,
        "titles": {language: wording.title for language, wording in article.wordings.items()},
        "document": article,
    }


def _article(row: DictRow) -> Article:
    return msgspec.convert(row["document"], Article)
