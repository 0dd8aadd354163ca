-- Articles of the knowledge base: saving, and finding by typed words.

-- name: search
-- Articles for the words that somebody types, the best first. Each typed word means words of
-- articles: the word itself; the words that it may become, if it is unfinished; or, if articles
-- have neither, the nearest words with a similar beginning. The ten words with the highest weight
-- decide, and the 500 best articles are examined.
WITH typed AS MATERIALIZED (
    SELECT lexeme AS word, CASE WHEN 'A' = ANY(weights) THEN 2.0 ELSE 1.0 END AS factor
    FROM unnest(setweight(portal_words(%(language)s, %(title)s), 'A')
        || portal_words(%(language)s, %(text)s))
), known AS NOT MATERIALIZED (
    SELECT word, articles, titled, written
    FROM article_words
    WHERE tenant = %(tenant)s AND language = %(language)s AND audience = ANY(%(audiences)s)
), whole AS MATERIALIZED (
    SELECT typed.word AS typed, factor, known.*
    FROM typed
    JOIN known USING (word)
), begun AS MATERIALIZED (
    SELECT part.word AS typed, 0.8 AS factor, become.*
    FROM (
        SELECT DISTINCT lower(unaccent(word)) AS word
        FROM unnest(%(unfinished)s::text[]) AS word
    ) AS part
    CROSS JOIN LATERAL (
        SELECT *
        FROM known
        WHERE word > part.word AND word < part.word || chr(1114111)
        ORDER BY articles DESC
        LIMIT 8
    ) AS become
), mistyped AS MATERIALIZED (
    SELECT typed.word AS typed, factor * nearness AS factor,
        nearest.word, articles, titled, written
    FROM (
        SELECT *
        FROM typed
        WHERE length(word) > 3
            AND word NOT IN (SELECT typed FROM whole)
            AND NOT EXISTS (
                SELECT FROM begun
                WHERE starts_with(begun.typed, typed.word) OR starts_with(typed.word, begun.typed)
            )
        ORDER BY factor DESC, length(word) DESC
        LIMIT 4
    ) AS typed
    CROSS JOIN LATERAL (
        SELECT DISTINCT left(typed.word, 1) AS letter
        UNION
        SELECT substr(typed.word, 2, 1)
    ) AS beginning
    CROSS JOIN LATERAL (
        SELECT *, similarity(known.word, typed.word) AS nearness
        FROM known
        WHERE known.word >= letter
            AND known.word < letter || chr(1114111)
            AND CASE WHEN abs(length(known.word) - length(typed.word)) < 3
                THEN similarity(known.word, typed.word) >= 0.45 END
        ORDER BY nearness DESC
        LIMIT 3
    ) AS nearest
), meant AS (
    SELECT typed, titled, written, factor * ln(1 + (
        SELECT sum(articles)::float8
        FROM known
        WHERE word = ''
    ) / articles) AS worth
    FROM (TABLE whole UNION ALL TABLE begun UNION ALL TABLE mistyped) AS every
    ORDER BY worth DESC
    LIMIT 10
), hits AS (
    SELECT number, max(score) AS score
    FROM meant
    CROSS JOIN LATERAL (
        SELECT unnest(titled) AS number, worth AS score
        UNION ALL
        SELECT unnest(written), worth * 0.3
    ) AS place
    GROUP BY number, typed
), ranked AS MATERIALIZED (
    SELECT number, sum(score) AS score
    FROM hits
    GROUP BY number
    ORDER BY score DESC
    LIMIT 500
)
SELECT document, score
FROM ranked
JOIN articles USING (number)
WHERE tenant = %(tenant)s
    AND audience = ANY(%(audiences)s)
    AND active
    AND (%(case_type)s = '' OR case_types = '{}' OR %(case_type)s = ANY(case_types))
    AND (%(topic)s = '' OR topic = %(topic)s)
ORDER BY score DESC, id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: list
-- Articles in a language in the order of their titles, for a search without words.
SELECT document, 0.0 AS score
FROM articles
WHERE tenant = %(tenant)s
    AND audience = ANY(%(audiences)s)
    AND active
    AND titles ? %(language)s
    AND (%(case_type)s = '' OR case_types = '{}' OR %(case_type)s = ANY(case_types))
    AND (%(topic)s = '' OR topic = %(topic)s)
ORDER BY lower(titles ->> %(language)s), id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: find
-- One active article of some audiences.
SELECT document
FROM articles
WHERE tenant = %(tenant)s AND id = %(id)s AND audience = ANY(%(audiences)s) AND active;

-- name: count_by_topic
-- The number of active articles on each topic.
SELECT topic, count(*) AS many
FROM articles
WHERE tenant = %s AND active
GROUP BY topic;

-- name: find_known
-- The record of the saved version of each of these articles.
SELECT tenant, id, record
FROM articles
JOIN unnest(%s::text[], %s::text[]) AS asked (tenant, id) USING (tenant, id);

-- name: lock
-- Lets replicas that receive the same articles at the same time take turns.
SELECT pg_advisory_xact_lock(hashtext('articles'));

-- fragment: came
-- The received articles as rows.
WITH came AS (
    SELECT *
    FROM jsonb_to_recordset(%s::jsonb) AS came (tenant text, id text, record uuid, topic text,
        audience text, case_types text[], active boolean, titles jsonb, document jsonb)
)

-- name: forget_words
-- Removes the articles that are replaced from the lists of their words.
{came}, gone AS (
    SELECT tenant, language, articles.audience, word, array_agg(number) AS numbers
    FROM came
    JOIN articles USING (tenant, id)
    CROSS JOIN portal_article_words(articles.document)
    WHERE articles.record < came.record AND articles.active
    GROUP BY tenant, language, articles.audience, word
)
UPDATE article_words AS known
SET titled = ARRAY(SELECT unnest(titled) EXCEPT SELECT unnest(numbers)),
    written = ARRAY(SELECT unnest(written) EXCEPT SELECT unnest(numbers))
FROM gone
WHERE (known.tenant, known.language, known.audience, known.word)
    = (gone.tenant, gone.language, gone.audience, gone.word);

-- name: save
-- Saves the articles that are newer than the saved ones; returns their numbers.
{came}
INSERT INTO articles AS known
    (tenant, id, record, topic, audience, case_types, active, titles, document)
TABLE came
ON CONFLICT (tenant, id) DO UPDATE SET
    (number, record, topic, audience, case_types, active, titles, document) = (
        excluded.number, excluded.record, excluded.topic, excluded.audience, excluded.case_types,
        excluded.active, excluded.titles, excluded.document)
WHERE known.record < excluded.record
RETURNING number;

-- name: index_words
-- Adds active articles to the lists of their words.
INSERT INTO article_words AS known (tenant, language, audience, word, titled, written)
SELECT tenant, language, audience, word,
    coalesce(array_agg(number) FILTER (WHERE titled), '{}'),
    coalesce(array_agg(number) FILTER (WHERE NOT titled), '{}')
FROM articles
CROSS JOIN portal_article_words(document)
WHERE number = ANY(%s) AND active
GROUP BY tenant, language, audience, word
ON CONFLICT (tenant, language, audience, word) DO UPDATE SET
    titled = known.titled || excluded.titled,
    written = known.written || excluded.written;

-- name: delete_unused_words
-- Deletes the words that no article contains.
DELETE FROM article_words
WHERE articles = 0 AND tenant = ANY(%s);
