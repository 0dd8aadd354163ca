"""An article as its author writes it: a Markdown file with a head, and a part in each language.

    ---
    topic: access
    case_types: [question]
    ---

    # nl: Een nieuw wachtwoord

    Zo maakt u een nieuw wachtwoord ...

    # en: A new password

    This is how to make a new password ...

The name of the file is the article's id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from case_definition.check.shape import shape_problems
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.directory import Article, ArticleWording
from case_definition.schema.model import DefinitionModel, Name
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import Place, Source, Unreadable, parsed, text_of
from case_definition.vocabulary import Audience

FENCE = "---"
TRANSLATION = re.compile(r"# ([a-z]{2}): *(\S.*)")
CODE = ("```", "~~~")


class ArticleHead(DefinitionModel):
    """The head of an article file."""

    topic: Name
    case_types: tuple[Name, ...] = ()
    """The case types that it may answer; default: all."""
    audience: Audience = "contact"
    active: bool = True
    """False hides an article that was published."""


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """The parsed parts of an article file, and the problems of the file itself."""

    id: str
    source: Source
    head: ArticleHead | None
    wordings: dict[str, ArticleWording]
    problems: list[DefinitionProblem]

    def article(self, definition: DefinitionDocument) -> Article:
        """The article as it is published. Call it only without problems."""
        assert self.head is not None, "an article without problems has a head"
        return Article(
            tenant=definition.tenant,
            id=self.id,
            name=self.wordings[definition.default_language].title,
            active=self.head.active,
            topic=self.head.topic,
            case_types=self.head.case_types,
            audience=self.head.audience,
            wordings=self.wordings,
        )


def read_article(file: Path) -> ArticleFile:
    """Read an article file. Raises Unreadable for a file without a head."""
    lines = text_of(file).splitlines()
    end = lines.index(FENCE, 1) if FENCE in lines[1:] else 0
    if not end or lines[0] != FENCE:
        sentence = "begin with `---`, then `topic: ...` on a line of its own, then `---`"
        raise Unreadable(Place(str(file), 1), "article-head", sentence)
    source = parsed("\n".join(["", *lines[1:end], ""]), file)
    problems: list[DefinitionProblem] = []
    try:
        head = ArticleHead.model_validate(source.data)
    except ValidationError as failure:
        head = None
        problems += shape_problems(failure, ArticleHead)
    wordings: dict[str, ArticleWording] = {}
    for number, language, title, body in _parts(lines, end + 1):
        place = (language,) if language else (f"line {number}",)
        source.places[place] = Place(str(file), number)
        problems += _part_problems(place, title, body, language in wordings)
        wordings[language] = ArticleWording(title, body)
    wordings.pop("", None)
    return ArticleFile(file.stem, source, head, wordings, problems)


def _parts(lines: list[str], start: int) -> Iterator[tuple[int, str, str, str]]:
    """Line number (from 1), language, title and body of each part. The language is empty for text
    above the first heading with a language; the body is empty if the part has no text."""
    heading: tuple[int, str, str] | None = None
    body: list[str] = []
    in_code = False
    for number, line in enumerate(lines[start:], start + 1):
        in_code ^= line.startswith(CODE)
        found = None if in_code else TRANSLATION.fullmatch(line.rstrip())
        is_heading = found is not None or (line.startswith("# ") and not in_code)
        if not is_heading:
            body.append(line)
            if heading is None and line.strip():
                heading = (number, "", "")
            continue
        if heading:
            yield *heading, "\n".join(body).strip()
        heading = (number, found[1], found[2]) if found else (number, "", "")
        body = []
    if heading:
        yield *heading, "\n".join(body).strip()


def _part_problems(
    place: tuple[str, ...], title: str, body: str, again: bool
) -> Iterator[DefinitionProblem]:
    if not title:
        sentence = (
            "begin each language with its code and the title, as in `# en: A new password`; "
            "write `##` for headings within it"
        )
        yield DefinitionProblem(place, "article-heading", sentence)
    elif again:
        sentence = f"the article in {place[0]} stands above already; keep one of the two"
        yield DefinitionProblem(place, "duplicate-translation", sentence)
    elif not body:
        yield DefinitionProblem(place, "empty-text", "write the article under its title")
