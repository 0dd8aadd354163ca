"""Templates of mails: text with `{name}` placeholders, without any computation."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{((?:fields\.)?\w*)\}")


def placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders in a template."""
    return frozenset(_PLACE.findall(template))


def stray(template: str) -> bool:
    """Whether it has braces without a name, which would be sent unchanged."""
    return bool(re.search(r"[{}]", _PLACE.sub("", template)))


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled in. Raises KeyError for a placeholder without a
    value."""
    return _PLACE.sub(lambda found: values[found[1]], template)
