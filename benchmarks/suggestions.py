"""Suggestions while somebody types: milliseconds over many articles, compared with bare queries."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from case_definition.schema.directory import Article, ArticleWording
from case_events.runtime.postgres import migrate
from case_portal.knowledge.article_indexer import AT_ONCE
from case_portal.knowledge.queries import PostgresArticles
from case_portal.knowledge.service import SUGGESTED, Wanted
from casefold.databases import FILE, OWN, create_databases
from casefold.embedded import EmbeddedPostgres
from psycopg_pool import AsyncConnectionPool

from benchmarks.figures import Table, percentile

ARTICLES = int(os.environ.get("CASEFOLD_ARTICLES", "10000"))
OTHERS = 4
"""The number of other tenants, each with a tenth of that."""
ASKED = 200
WORDS = 150
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("aa", "ee", "i", "o", "u", "er", "ing")]
BARE = """
    create table bare as
    select tenant, id, wording ->> 'title' as title, wording ->> 'body' as body,
        portal_words('nl', (wording ->> 'title') || ' ' || (wording ->> 'body')) as words
    from articles cross join lateral (select document #> '{wordings,nl}' as wording) as told
    where tenant = 'bench';
    create index on bare using gin (words);
    analyze
"""
LIKE = """
    select id from bare where tenant = %(tenant)s and (title ilike %(like)s or body ilike %(like)s)
    order by title limit 5
"""
RANK = """
    select id from bare, portal_words(%(language)s, %(text)s) as typed,
        lateral (select string_agg(quote_literal(word), ' | ')::tsquery
            from unnest(tsvector_to_array(typed)) as word) as asked (query)
    where tenant = %(tenant)s and words @@ query
    order by ts_rank(words, query) desc limit 5
"""
Ask = Callable[[str, str], Awaitable[Any]]


def measure() -> Table:
    """The time of a suggestion at each stage of typing, compared with queries without ranking by
    rarity, mistyped words, audiences and types."""
    with tempfile.TemporaryDirectory(prefix="casefold-articles-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            made = create_databases(server.url, ["portal"], Path(folder) / FILE)
            return asyncio.run(_measured(made["portal"][OWN]))
        finally:
            server.stop()


async def _measured(url: str) -> Table:
    await migrate(url, files("case_portal.database") / "migrations")
    chance = Random(5)
    async with _pool(url) as pool:
        articles = PostgresArticles(pool)
        began = time.perf_counter()
        await _fill(articles, chance)
        filled = time.perf_counter() - began
        async with pool.connection() as connection:
            await connection.execute(BARE)
        typed = list(_typed(chance))

        async def suggest(title: str, text: str) -> Any:
            return await articles.found(_wanted(title, text))

        rows = [
            await _timed("suggestions", suggest, typed),
            await _timed("bare ts_rank", _bare(pool, RANK), typed),
            await _timed("bare ILIKE", _bare(pool, LIKE), typed),
        ]
    total = ARTICLES + OTHERS * (ARTICLES // 10)
    return Table(
        f"Suggestions while a case is typed: {ARTICLES:,} articles of one tenant in two languages",
        rows,
        [
            f"{total:,} articles in all were taken in and indexed in {filled:.0f} s.",
            "bare ts_rank: any of the words as typed, by GIN, over the Dutch of this tenant alone;",
            "it mends no mistake. bare ILIKE: the first word alone, without ranking.",
        ],
    )


@asynccontextmanager
async def _pool(url: str) -> AsyncIterator[AsyncConnectionPool[Any]]:
    async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as pool:
        yield pool


async def _timed(what: str, ask: Ask, typed: list[tuple[str, str]]) -> dict[str, Any]:
    times = []
    for title, text in typed:
        began = time.perf_counter()
        await ask(title, text)
        times.append((time.perf_counter() - began) * 1000)
    return {"what": what, "n": len(times), "p50 ms": percentile(times, 0.5),
            "p99 ms": percentile(times, 0.99), "worst ms": max(times)}  # fmt: skip


def _bare(pool: AsyncConnectionPool[Any], query: str) -> Ask:
    async def ask(title: str, text: str) -> Any:
        words = f"{title} {text}".split()
        asked = {"tenant": "bench", "language": "nl", "text": " ".join(words),
                 "like": f"%{words[0]}%"}  # fmt: skip
        async with pool.connection() as connection:
            return await (await connection.execute(query, asked)).fetchall()

    return ask


def _wanted(title: str, text: str) -> Wanted:
    return Wanted(tenant="bench", language="nl", for_contacts=True, title=title, text=text,
                  case_type="question", limit=SUGGESTED)  # fmt: skip


class _Prose:
    """Words with the frequencies of a language: the second half is half as frequent as the first,
    and so on."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))
                      for _ in range(20_000)]  # fmt: skip
        self._often = list(accumulate(1 / place for place in range(1, len(self.words) + 1)))

    def some(self, count: int) -> str:
        """A number of words."""
        return " ".join(self._chance.choices(self.words, cum_weights=self._often, k=count))


async def _fill(articles: PostgresArticles, chance: Random) -> None:
    prose, number = _Prose(Random(4)), 0
    for tenant, count in [("bench", ARTICLES)] + [
        (f"other{at}", ARTICLES // 10) for at in range(OTHERS)
    ]:
        for start in range(0, count, AT_ONCE):
            batch = []
            for at in range(start, min(count, start + AT_ONCE)):
                number += 1
                wordings = {language: ArticleWording(prose.some(6), prose.some(WORDS))
                            for language in ("nl", "en")}  # fmt: skip
                batch.append((UUID(int=number), Article(
                    tenant=tenant, id=f"a{at}", name="an article", topic="topic",
                    audience=chance.choice(("contact", "contact", "agent")), wordings=wordings,
                )))  # fmt: skip
            await articles.keep(batch)


def _typed(chance: Random) -> Iterator[tuple[str, str]]:
    """The content of the fields at some moments of typing; one word in eight has a mistake."""
    prose = _Prose(Random(4))
    for _ in range(ASKED):
        words = prose.some(6 + chance.randint(0, 30)).split()
        for at in range(0, len(words), 8):
            spot = chance.randrange(len(words[at]))
            words[at] = words[at][:spot] + "q" + words[at][spot + 1 :]
        title, text = " ".join(words[:6]), " ".join(words[6:])
        yield (title, text[: -chance.randint(1, 3)]) if text else (title[:-2], "")


if __name__ == "__main__":
    print(measure())
