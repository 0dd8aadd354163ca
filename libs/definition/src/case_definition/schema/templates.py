"""Templates of what is sent: text with `{name}` places, and nothing that computes."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{((?:fields\.)?\w*)\}")


def placeholders(template: str) -> frozenset[str]:
    """The names that a template leaves to be filled in."""
    return frozenset(_PLACE.findall(template))


def stray(template: str) -> bool:
    """Whether it has braces that hold no name: they would be sent as they stand."""
    return bool(re.search(r"[{}]", _PLACE.sub("", template)))


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its places filled in. Raises KeyError for a place without a value."""
    return _PLACE.sub(lambda found: values[found[1]], template)
