"""Checks texts: all exist, in every language, with placeholders that have a value when they are
sent."""

from collections.abc import Collection, Iterator

from case_definition.schema import fair_use
from case_definition.schema.access import NOT_ALLOWED, NOT_ALLOWED_PLACES, REDIRECT_PLACES, SECRET
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.templates import placeholders, stray
from case_definition.source.findings import DefinitionProblem
from case_definition.vocabulary import FROM_MAIL, MESSAGE_PLACEHOLDERS, PLACEHOLDERS

READERS = frozenset({"contact", "watchers", "watcher"})
"""Recipients that are, or may be, contacts."""


def wording_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Missing, empty or unused texts, and texts that cannot be filled in."""
    for language in document.texts:
        if language not in document.languages:
            sentence = f"add `{language}` to `languages` or remove its texts"
            yield DefinitionProblem(("texts", language), "unknown-language", sentence)
    yield from _missing(document)
    optional = _optional_keys(document)
    for language, texts in document.texts.items():
        for key, text in texts.items():
            path = ("texts", language, key)
            if key not in optional:
                yield DefinitionProblem(
                    path, "unused-text", f"nothing uses `{key}`; remove or correct it"
                )
            elif not text.strip():
                yield DefinitionProblem(
                    path, "empty-text", "write the text, or remove it in all languages"
                )
            elif key.endswith(".subject") and "\n" in text.strip():
                yield DefinitionProblem(path, "subject", "write a subject on one line")
    yield from _unknown_places(document)
    yield from _ways_in_left_out(document)


def _ways_in_left_out(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Mails for access without the link or code that the reader needs."""
    needed = {f"messages.{name}.body": SECRET & one for name, one in _messages(document).items()}
    for language, texts in document.texts.items():
        for key in texts.keys() & needed:
            if left_out := needed[key] - placeholders(texts[key]):
                sentence = f"write {_listed(left_out)} too: without it nobody gets in"
                yield DefinitionProblem(("texts", language, key), "missing-placeholder", sentence)


def _missing(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    written = {key for texts in document.texts.values() for key in texts}
    wanted = _required_keys(document) | (written & _optional_keys(document))
    for place, language in enumerate(document.languages):
        if language not in document.texts:
            sentence = f"there is no texts.{language}.yaml; write it"
            yield DefinitionProblem(("languages", place), "missing-translation", sentence)
            continue
        for key in sorted(wanted - document.texts[language].keys()):
            sentence = f"`{key}` is missing in {language}; add it to texts.{language}.yaml"
            path = ("texts", language, *_stem(key, document.texts[language]))
            yield DefinitionProblem(path, "missing-translation", sentence)


def _stem(key: str, texts: dict[str, str]) -> tuple[str, ...]:
    """The text nearest to the place of `key`; empty if the section is missing."""
    while "." in key:
        key = key.rpartition(".")[0]
        for other in texts:
            if other.startswith(f"{key}."):
                return (other,)
    return ()


def _required_keys(document: DefinitionDocument) -> set[str]:
    named = {
        "statuses": [status.name for status in document.statuses],
        "transitions": [step.name for step in document.transitions],
        "case_types": [kind.name for kind in document.case_types],
        "fields": [field.name for field in document.fields],
        "priorities": document.priorities.scale,
        "teams": [team.name for team in document.teams],
        "roles": [*(level.role for level in document.escalation), *document.roles],
        "phases": [phase.name for phase in document.phases],
        "decisions": [one.name for one in document.decisions],
        "tags": [tag.name for tag in document.tags],
        "criteria": [c.name for ranking in document.rankings for c in ranking.criteria],
        "metrics": document.metric_names,
        "channels": [channel.name for channel in document.channels],
        "approvals": [approval.name for approval in document.approvals],
        "topics": document.knowledge.topics if document.knowledge else (),
        "fair_use": [terms.name for terms in document.fair_use],
    }
    if document.work is not None:
        named["work_kinds"] = [kind.name for kind in document.work.kinds]
        named["billing"] = [rule.name for rule in document.work.billing]
        named["allowances"] = [allowance.name for allowance in document.work.allowances]
    keys = {f"{section}.{name}.name" for section, names in named.items() for name in names}
    keys |= {
        f"fields.{field.name}.options.{option}"
        for field in document.fields
        for option in field.options
    }
    keys |= {f"channels.{one.name}.refused" for one in document.channels if one.is_limited}
    keys |= {
        f"channels.{channel.name}.menu.{choice.name}"
        for channel in document.channels
        for choice in channel.menu
    }
    stems = [notice.text_key for notice in document.notices]
    stems += [f"messages.{name}" for name in _messages(document)]
    keys |= _pointers(document)
    return keys | {f"{stem}.{part}" for stem in stems for part in ("subject", "body")}


def _messages(document: DefinitionDocument) -> dict[str, frozenset[str]]:
    """The mails without a case that this tenant sends, with the placeholders of each."""
    found = dict(MESSAGE_PLACEHOLDERS)
    if document.access:
        found |= document.access.templates()
    if any(kind.redirect for kind in document.case_types):
        found[NOT_ALLOWED] = NOT_ALLOWED_PLACES
    if document.fair_use:
        found[fair_use.MESSAGE] = fair_use.PLACES
    return found


def _pointers(document: DefinitionDocument) -> set[str]:
    named = {kind.redirect.text for kind in document.case_types if kind.redirect}
    return {f"redirects.{name}.{part}" for name in named for part in ("found", "nobody")}


def _optional_keys(document: DefinitionDocument) -> set[str]:
    keys = _required_keys(document)
    keys |= {key.removesuffix("name") + "help" for key in keys if key.endswith(".name")}
    keys |= {f"channels.{channel.name}.refused" for channel in document.channels}
    return keys | {
        f"case_types.{kind.name}.{field}.help"
        for kind in document.case_types
        for field in kind.field_names
    }


def _unknown_places(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    allowed = {f"messages.{name}": known for name, known in _messages(document).items()}
    allowed |= dict.fromkeys(_pointers(document), REDIRECT_PLACES)
    for notice in document.notices:
        known = PLACEHOLDERS[notice.on] | _fields(document, notice.to)
        allowed[notice.text_key] = allowed.get(notice.text_key, known) & known
    for language, texts in document.texts.items():
        for key, text in texts.items():
            stem, _, part = key.rpartition(".")
            stem = stem if part in ("subject", "body") else key
            if stem not in allowed:
                continue
            # A subject may be visible where the mail is not, so it may contain no secret.
            secret = SECRET if part == "subject" and stem.startswith("messages.") else frozenset()
            known = allowed[stem] - secret
            if stray(text):
                sentence = "write a placeholder as {name}, without spaces; there is "
                path = ("texts", language, key)
                yield DefinitionProblem(path, "unknown-placeholder", sentence + _listed(known))
            for name in sorted(placeholders(text) - known):
                sentence = f"`{{{name}}}` is not known here; there is {_listed(known)}"
                yield DefinitionProblem(("texts", language, key), "unknown-placeholder", sentence)


def _fields(document: DefinitionDocument, to: Collection[str]) -> frozenset[str]:
    """The fields that a template may name: those that all recipients may see. A mail fills in the
    title and description, which are not among them: the subject is `{title}` everywhere."""
    reader = "contact" if not READERS.isdisjoint(to) else "agent"
    return frozenset(
        f"fields.{field.name}"
        for field in document.fields
        if reader in field.visible_to and field.name not in FROM_MAIL
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
