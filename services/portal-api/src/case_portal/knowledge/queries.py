"""Articles in PostgreSQL: saving, and finding by typed words."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from case_definition.schema.directory import Article
from case_events.runtime.postgres import Connections, connection
from psycopg.rows import DictRow, dict_row

from case_portal.knowledge.service import Found, Wanted

# Each typed word means words of articles: the word itself; the words that it may become, if it is
# unfinished; or, if articles have neither, the nearest words with a similar beginning. The ten
# words with the highest weight decide, and the 500 best articles are examined.
FOUND = """
    with typed as materialized (
        select lexeme as word, case when 'A' = any(weights) then 2.0 else 1.0 end as factor
        from unnest(setweight(portal_words(%(language)s, %(title)s), 'A')
            || portal_words(%(language)s, %(text)s))
    ), known as not materialized (
        select word, articles, titled, written from article_words
        where tenant = %(tenant)s and language = %(language)s and audience = any(%(audiences)s)
    ), whole as materialized (
        select typed.word as typed, factor, known.* from typed join known using (word)
    ), begun as materialized (
        select part.word as typed, 0.8 as factor, become.*
        from (select distinct lower(unaccent(word)) as word
            from unnest(%(unfinished)s::text[]) as word) as part
        cross join lateral (
            select * from known where word > part.word and word < part.word || chr(1114111)
            order by articles desc limit 8
        ) as become
    ), mistyped as materialized (
        select typed.word as typed, factor * nearness as factor,
            nearest.word, articles, titled, written
        from (
            select * from typed where length(word) > 3 and word not in (select typed from whole)
            and not exists (select from begun
                where starts_with(begun.typed, typed.word) or starts_with(typed.word, begun.typed))
            order by factor desc, length(word) desc limit 4
        ) as typed cross join lateral (
            select distinct left(typed.word, 1) as letter
            union select substr(typed.word, 2, 1)
        ) as beginning cross join lateral (
            select *, similarity(known.word, typed.word) as nearness from known
            where known.word >= letter and known.word < letter || chr(1114111)
            and case when abs(length(known.word) - length(typed.word)) < 3
                then similarity(known.word, typed.word) >= 0.45 end
            order by nearness desc limit 3
        ) as nearest
    ), meant as (
        select typed, titled, written, factor * ln(1 + (
            select sum(articles)::float8 from known where word = '') / articles) as worth
        from (table whole union all table begun union all table mistyped) as every
        order by worth desc limit 10
    ), hits as (
        select number, max(score) as score from meant cross join lateral (
            select unnest(titled) as number, worth as score
            union all select unnest(written), worth * 0.3
        ) as place group by number, typed
    ), ranked as materialized (
        select number, sum(score) as score from hits group by number order by score desc limit 500
    )
    select document, score from ranked join articles using (number)
    where tenant = %(tenant)s and audience = any(%(audiences)s) and active
    and (%(case_type)s = '' or case_types = '{}' or %(case_type)s = any(case_types))
    and (%(topic)s = '' or topic = %(topic)s)
    order by score desc, id limit %(limit)s offset %(offset)s
"""
LISTED = """
    select document, 0.0 as score from articles
    where tenant = %(tenant)s and audience = any(%(audiences)s) and active
    and titles ? %(language)s
    and (%(case_type)s = '' or case_types = '{}' or %(case_type)s = any(case_types))
    and (%(topic)s = '' or topic = %(topic)s)
    order by lower(titles ->> %(language)s), id limit %(limit)s offset %(offset)s
"""
ARTICLE = """
    select document from articles
    where tenant = %(tenant)s and id = %(id)s and audience = any(%(audiences)s) and active
"""
COUNTED = "select topic, count(*) as many from articles where tenant = %s and active group by topic"

KNOWN = """
    select tenant, id, record from articles
    join unnest(%s::text[], %s::text[]) as asked (tenant, id) using (tenant, id)
"""
# Replicas that receive the same articles at the same time take turns.
TURN = "select pg_advisory_xact_lock(hashtext('articles'))"
CAME = """
    with came as (
        select * from jsonb_to_recordset(%s::jsonb) as came (tenant text, id text, record uuid,
            topic text, audience text, case_types text[], active boolean, titles jsonb,
            document jsonb)
    )
"""
FORGET = f"""{CAME}
    , gone as (
        select tenant, language, articles.audience, word, array_agg(number) as numbers
        from came join articles using (tenant, id)
        cross join portal_article_words(articles.document)
        where articles.record < came.record and articles.active
        group by tenant, language, articles.audience, word
    )
    update article_words as known
    set titled = array(select unnest(titled) except select unnest(numbers)),
        written = array(select unnest(written) except select unnest(numbers))
    from gone
    where (known.tenant, known.language, known.audience, known.word)
        = (gone.tenant, gone.language, gone.audience, gone.word)
"""  # noqa: S608 - made of constants
KEEP = f"""{CAME}
    insert into articles as known
        (tenant, id, record, topic, audience, case_types, active, titles, document)
    table came
    on conflict (tenant, id) do update
        set (number, record, topic, audience, case_types, active, titles, document) =
            (excluded.number, excluded.record, excluded.topic, excluded.audience,
            excluded.case_types, excluded.active, excluded.titles, excluded.document)
        where known.record < excluded.record
    returning number
"""  # noqa: S608 - made of constants
INDEX = """
    insert into article_words as known (tenant, language, audience, word, titled, written)
    select tenant, language, audience, word,
        coalesce(array_agg(number) filter (where titled), '{}'),
        coalesce(array_agg(number) filter (where not titled), '{}')
    from articles cross join portal_article_words(document)
    where number = any(%s) and active
    group by tenant, language, audience, word
    on conflict (tenant, language, audience, word) do update
        set titled = known.titled || excluded.titled, written = known.written || excluded.written
"""
TIDY = "delete from article_words where articles = 0 and tenant = any(%s)"
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
        rows = await self._rows(FOUND if has_words else LISTED, asked)
        return [Found(_article(row), float(row["score"])) for row in rows]

    async def article(self, tenant: str, article: str, for_contacts: bool) -> Article | None:
        """An article, if it may be read."""
        if "\0" in article:
            return None
        asked = {"tenant": tenant, "id": article} | _audiences(for_contacts)
        rows = await self._rows(ARTICLE, asked)
        return _article(rows[0]) if rows else None

    async def counted(self, tenant: str) -> dict[str, int]:
        """The number of articles on each topic."""
        return {row["topic"]: row["many"] for row in await self._rows(COUNTED, [tenant])}

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        """Save the articles that are newer than the saved versions."""
        keys = [[one.tenant for _, one in articles], [one.id for _, one in articles]]
        known = {(row["tenant"], row["id"]): row["record"] for row in await self._rows(KNOWN, keys)}
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
            await db.execute(TURN)
            forgotten = await db.execute(FORGET, came)
            kept = await (await db.execute(KEEP, came)).fetchall()
            await db.execute(INDEX, [[number for (number,) in kept]])
            if forgotten.rowcount:
                await db.execute(TIDY, [sorted({article.tenant for _, article in articles})])

    async def _rows(self, query: str, asked: Any) -> list[DictRow]:
        async with connection(self._pool) as db:
            cursor = db.cursor(row_factory=dict_row)
            await cursor.execute(query, asked)
            return await cursor.fetchall()


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
        "titles": {language: told.title for language, told in article.wordings.items()},
        "document": article,
    }


def _article(row: DictRow) -> Article:
    return msgspec.convert(row["document"], Article)
