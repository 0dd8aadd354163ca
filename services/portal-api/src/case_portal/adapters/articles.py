"""Articles in PostgreSQL: kept, and found by the words that somebody types."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from case_definition.directory import Article
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from case_portal.application.knowledge import Found, Wanted

# Each word that was typed means words that articles have: itself; what it may become, where it is
# unfinished; or, where articles have neither, what it is nearest to. Few and rare words decide.
FOUND = """
    with typed as materialized (
        select lexeme as word, case when 'A' = any(weights) then 2.0 else 1.0 end as factor
        from unnest(setweight(portal_words(%(language)s, %(title)s), 'A')
            || portal_words(%(language)s, %(text)s))
    ), known as not materialized (
        select word, case when %(for_contacts)s then for_contacts else articles end as articles
        from article_vocabulary
        where tenant = %(tenant)s and language = %(language)s
        and case when %(for_contacts)s then for_contacts else articles end > 0
    ), whole as materialized (
        select typed.word as typed, word, articles, factor from typed join known using (word)
    ), begun as materialized (
        select part.word as typed, become.word, become.articles, 0.8 as factor
        from (select distinct lower(unaccent(word)) as word
            from unnest(%(unfinished)s::text[]) as word) as part
        cross join lateral (
            select known.word, known.articles from known
            where known.word > part.word and known.word < part.word || chr(1114111)
            order by known.articles desc limit 8
        ) as become
    ), mistyped as (
        select typed.word as typed, nearest.word, nearest.articles, factor * nearness as factor
        from typed cross join lateral (
            select known.word, known.articles, similarity(known.word, typed.word) as nearness
            from known where known.word %% typed.word order by nearness desc limit 3
        ) as nearest
        where length(typed.word) > 3 and nearness >= 0.45
        and typed.word not in (select typed from whole)
        and not exists (select from begun where starts_with(begun.typed, typed.word)
            or starts_with(typed.word, begun.typed))
    ), meant as (
        select typed, word, factor * ln(1 + (select articles from known where word = '')::float8
            / articles) as worth
        from (table whole union all table begun union all table mistyped) as every
        order by worth desc limit 10
    ), hits as (
        select id, typed, max(worth * ts_rank('{0.3, 0.3, 0.3, 1}', words, looked_for)) as score
        from meant cross join lateral portal_word_query(word) as looked_for
        join article_words on tenant = %(tenant)s and language = %(language)s
            and words @@ looked_for
        where (not %(for_contacts)s or audience = 'contact')
        and (%(case_type)s = '' or case_types = '{}' or %(case_type)s = any(case_types))
        group by id, typed
    ), ranked as (select id, sum(score) as score from hits group by id)
    select document, score from ranked join articles using (id)
    where tenant = %(tenant)s and (%(topic)s = '' or topic = %(topic)s)
    order by score desc, id limit %(limit)s offset %(offset)s
"""
LISTED = """
    select document, 0.0 as score from article_words join articles using (tenant, id, audience)
    where tenant = %(tenant)s and language = %(language)s
    and (not %(for_contacts)s or audience = 'contact')
    and (%(case_type)s = '' or case_types = '{}' or %(case_type)s = any(case_types))
    and (%(topic)s = '' or topic = %(topic)s)
    order by lower(title), id limit %(limit)s offset %(offset)s
"""
ARTICLE = """
    select document from articles where tenant = %(tenant)s and id = %(id)s and active
    and (not %(for_contacts)s or audience = 'contact')
"""
COUNTED = "select topic, count(*) as many from articles where tenant = %s and active group by topic"

KNOWN = """
    select tenant, id, record from articles
    join unnest(%s::text[], %s::text[]) as asked (tenant, id) using (tenant, id)
"""
# Replicas that learn of the same articles at once take turns.
TURN = "select pg_advisory_xact_lock(hashtext('articles'))"
KEEP = """
    insert into articles (tenant, id, record, topic, audience, active, document)
    select tenant, id, record, topic, audience, active, document
    from jsonb_to_recordset(%s::jsonb) as came (tenant text, id text, record uuid, topic text,
        audience text, active boolean, document jsonb)
    on conflict (tenant, id) do update
        set record = excluded.record, topic = excluded.topic, audience = excluded.audience,
            active = excluded.active, document = excluded.document
        where articles.record < excluded.record
    returning tenant, id
"""
FORGET = """
    delete from article_words using unnest(%s::text[], %s::text[]) as gone (tenant, id)
    where article_words.tenant = gone.tenant and article_words.id = gone.id
"""
INDEX = """
    insert into article_words (tenant, language, id, audience, case_types, title, words)
    select tenant, language, id, audience,
        array(select jsonb_array_elements_text(document -> 'case_types')), wording ->> 'title',
        setweight(portal_words(language, wording ->> 'title'), 'A')
            || portal_words(language, wording ->> 'body')
    from unnest(%s::text[], %s::text[]) as kept (tenant, id) join articles using (tenant, id)
    cross join jsonb_each(document -> 'wordings') as told (language, wording) where active
"""
UNFINISHED = re.compile(r"\w{2,}$")


class PostgresArticles:
    """`application.knowledge.Articles` over the tables of this service."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def found(self, wanted: Wanted) -> list[Found]:
        """The articles that are wanted, the best first."""
        asked = msgspec.structs.asdict(wanted)
        for name in ("title", "text"):
            asked[name] = asked[name].replace("\0", " ")
        ends = (UNFINISHED.search(asked[name]) for name in ("title", "text"))
        asked["unfinished"] = [end[0] for end in ends if end]
        has_words = f"{wanted.title}{wanted.text}".strip() != ""
        rows = await self._rows(FOUND if has_words else LISTED, asked)
        return [Found(_article(row), float(row["score"])) for row in rows]

    async def article(self, tenant: str, article: str, for_contacts: bool) -> Article | None:
        """An article that may be read."""
        if "\0" in article:
            return None
        asked = {"tenant": tenant, "id": article, "for_contacts": for_contacts}
        rows = await self._rows(ARTICLE, asked)
        return _article(rows[0]) if rows else None

    async def counted(self, tenant: str) -> dict[str, int]:
        """How many articles there are on each topic."""
        return {row["topic"]: row["many"] for row in await self._rows(COUNTED, [tenant])}

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        """Keep articles that are newer than what is known."""
        keys = _columns([(article.tenant, article.id) for _, article in articles])
        known = {(row["tenant"], row["id"]): row["record"] for row in await self._rows(KNOWN, keys)}
        news = [
            {
                "tenant": article.tenant, "id": article.id, "record": record,
                "topic": article.topic, "audience": article.audience, "active": article.active,
                "document": article,
            }
            for record, article in articles
            if (article.tenant, article.id) not in known
            or known[article.tenant, article.id] < record
        ]  # fmt: skip
        if not news:
            return
        async with self._pool.connection() as connection:
            await connection.execute(TURN)
            came = await connection.execute(KEEP, [msgspec.json.encode(news).decode()])
            kept = _columns(await came.fetchall())
            await connection.execute(FORGET, kept)
            await connection.execute(INDEX, kept)

    async def _rows(self, query: str, asked: Any) -> list[DictRow]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


def _columns(keys: Sequence[tuple[Any, ...]]) -> list[list[str]]:
    return [[key[place] for key in keys] for place in (0, 1)]


def _article(row: DictRow) -> Article:
    return msgspec.convert(row["document"], Article)
