"""The portal's articles in memory: the replacement of the search in PostgreSQL."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from unicodedata import normalize
from uuid import UUID

from case_definition.schema.directory import Article
from case_portal.knowledge.service import Found, Wanted

NEAR = 0.45
"""How similar a word must be to replace a word that no article has."""
STOPPED = frozenset(
    re.findall(
        r"\w+",
        """a an and are at can do does for from had has have how i in is it my no not of on or the
        this to was we what when with you
        aan al als dan dat de der die dit een en er geen het hij hoe ik in is kan maar met mij mijn
        niet nog nu of om op te tot u uit van voor was wat we wel zijn""",
    )
)


class SimulatedArticles:
    """`case_portal.knowledge.service.Articles`, searched one by one."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self._kept = {(one.tenant, one.id): (UUID(int=0), one) for one in articles}

    async def keep(self, articles: Sequence[tuple[UUID, Article]]) -> None:
        """Save the articles that are newer than the saved versions."""
        for record, article in articles:
            known = self._kept.get((article.tenant, article.id))
            if known is None or known[0] < record:
                self._kept[article.tenant, article.id] = (record, article)

    async def article(self, tenant: str, article: str, for_contacts: bool) -> Article | None:
        """An article, if it may be read."""
        return next((x for x in self._readable(tenant, for_contacts) if x.id == article), None)

    async def counted(self, tenant: str) -> dict[str, int]:
        """The number of articles on each topic."""
        return dict(Counter(one.topic for one in self._readable(tenant, for_contacts=False)))

    async def found(self, wanted: Wanted) -> list[Found]:
        """The articles that match, best first."""
        known = [
            one
            for one in self._readable(wanted.tenant, wanted.for_contacts)
            if wanted.language in one.wordings
        ]
        typed = dict.fromkeys(_words(wanted.text), 1.0)
        typed |= dict.fromkeys(_words(wanted.title), 2.0)
        if f"{wanted.title}{wanted.text}".strip():
            scores = _scores(typed, [_Words(one, wanted.language) for one in known])
            found = [Found(one, score) for one, score in zip(known, scores, strict=True) if score]
            found.sort(key=lambda one: (-one.score, one.article.id))
        else:
            found = [Found(one) for one in known]
            found.sort(key=lambda one: one.article.wordings[wanted.language].title.lower())
        shown = [one for one in found if _is_wanted(one.article, wanted)]
        return shown[wanted.offset : wanted.offset + wanted.limit]

    def _readable(self, tenant: str, for_contacts: bool) -> Iterator[Article]:
        for (owner, _), (_, article) in self._kept.items():
            hidden = for_contacts and article.audience == "agent"
            if owner == tenant and article.active and not hidden:
                yield article


class _Words:
    """The words of an article in one language."""

    def __init__(self, article: Article, language: str) -> None:
        wording = article.wordings[language]
        self.title, self.body = set(_words(wording.title)), set(_words(wording.body))

    def has(self, word: str) -> float:
        """The weight of a word in the article; highest in its title."""
        return max(
            (place for words, place in ((self.title, 1.0), (self.body, 0.3)) if word in words),
            default=0.0,
        )


def _scores(typed: dict[str, float], known: list[_Words]) -> list[float]:
    every = Counter(word for words in known for word in words.title | words.body)
    scores = [0.0] * len(known)
    for word, factor in typed.items():
        meant = _meant(word, every)
        for place, words in enumerate(known):
            scores[place] += factor * max(
                (alike * log(1 + len(known) / every[one]) * words.has(one)
                 for one, alike in meant.items()),
                default=0.0,
            )  # fmt: skip
    return scores


def _meant(word: str, every: Counter[str]) -> dict[str, float]:
    """The known words that a typed word stands for, with their similarity."""
    same_stem = {one: 0.9 for one in every if _stem(one) == _stem(word)}
    begun = {one: 0.8 for one in every if len(word) > 1 and one.startswith(word)}
    sure = begun | same_stem | ({word: 1.0} if word in every else {})
    if sure or len(word) < 4:
        return sure
    return {one: near for one in every if (near := _nearness(one, word)) >= NEAR}


def _stem(word: str) -> str:
    """The beginning of a word, which its plural shares."""
    word = re.sub(r"(en|es|s|ing|ed)$", "", word) if len(word) > 4 else word
    return re.sub(r"(.)\1", r"\1", word)


def _nearness(one: str, other: str) -> float:
    """The similarity of pg_trgm: the share of common groups of three letters."""
    first, second = _threes(one), _threes(other)
    return len(first & second) / len(first | second)


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _words(text: str) -> list[str]:
    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"\w+", plain) if word not in STOPPED]


def _is_wanted(article: Article, wanted: Wanted) -> bool:
    fits = not article.case_types or wanted.case_type in ("", *article.case_types)
    return fits and wanted.topic in ("", article.topic)
