-- All three come with PostgreSQL, and whoever owns the database may create them.
create extension if not exists unaccent;
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- How the words of a language are told: without accents, by their stem.
create text search configuration portal_nl (copy = dutch);
alter text search configuration portal_nl
    alter mapping for word, hword, hword_part with unaccent, dutch_stem;
create text search configuration portal_en (copy = english);
alter text search configuration portal_en
    alter mapping for word, hword, hword_part with unaccent, english_stem;
create text search configuration portal_any (copy = simple);
alter text search configuration portal_any
    alter mapping for word, hword, hword_part with unaccent, simple;

create function portal_words(language text, written text) returns tsvector
    language sql immutable strict parallel safe
    return case language
        when 'nl' then to_tsvector('portal_nl'::regconfig, written)
        when 'en' then to_tsvector('portal_en'::regconfig, written)
        else to_tsvector('portal_any'::regconfig, written)
    end;

-- The query for one word as it stands in a tsvector.
create function portal_word_query(word text) returns tsquery
    language sql immutable strict parallel safe
    return ('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''')::tsquery;

-- The newest known of each article; `record` is the one that brought it, and rises with time.
create table articles (
    tenant   text not null,
    id       text not null,
    record   uuid not null,
    topic    text not null,
    audience text not null,
    active   boolean not null,
    document jsonb not null,
    primary key (tenant, id)
);

-- What is searched: each active article in each of its languages.
create table article_words (
    tenant     text not null,
    language   text not null,
    id         text not null,
    audience   text not null,
    case_types text[] not null,
    title      text not null,
    words      tsvector not null,
    primary key (tenant, id, language),
    foreign key (tenant, id) references articles
);
create index article_words_found on article_words using gin (tenant, language, words);
create index article_words_listed on article_words (tenant, language, lower(title), id);

-- In how many articles each word stands, and in how many of those for contacts: a rare word says
-- more, and a word that stands nowhere was mistyped. The empty word stands in every article.
create table article_vocabulary (
    tenant       text not null,
    language     text not null,
    word         text collate "C" not null,
    articles     integer not null,
    for_contacts integer not null,
    primary key (tenant, language, word)
);
create index article_vocabulary_near on article_vocabulary
    using gin (tenant, language, word gin_trgm_ops);

create function portal_count_words() returns trigger language plpgsql as $$
begin
    insert into article_vocabulary as known (tenant, language, word, articles, for_contacts)
    select tenant, language, word, count(*), count(*) filter (where audience = 'contact')
    from changed, unnest(array_append(tsvector_to_array(words), '')) as word
    group by tenant, language, word
    on conflict (tenant, language, word) do update
        set articles = known.articles + excluded.articles,
            for_contacts = known.for_contacts + excluded.for_contacts;
    return null;
end
$$;
create function portal_uncount_words() returns trigger language plpgsql as $$
begin
    update article_vocabulary as known
    set articles = known.articles - gone.articles,
        for_contacts = known.for_contacts - gone.for_contacts
    from (
        select tenant, language, word, count(*) as articles,
            count(*) filter (where audience = 'contact') as for_contacts
        from changed, unnest(array_append(tsvector_to_array(words), '')) as word
        group by tenant, language, word
    ) as gone
    where known.tenant = gone.tenant and known.language = gone.language and known.word = gone.word;
    delete from article_vocabulary as known
    using (select distinct tenant, language from changed) as touched
    where known.tenant = touched.tenant and known.language = touched.language
        and known.articles = 0;
    return null;
end
$$;
create trigger article_words_counted after insert on article_words
    referencing new table as changed for each statement execute function portal_count_words();
create trigger article_words_uncounted after delete on article_words
    referencing old table as changed for each statement execute function portal_uncount_words();

-- Reports on what is asked about count the cases of a period.
create index memories_created on memories (tenant, created_at);
