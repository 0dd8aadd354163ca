"""A tenant's folder: its files, and the part of the documents in each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from case_definition.source.yaml import DocPath, Place, Source, Unreadable, merged, read_source

_TEXTS = "texts."


def definition_source(folder: Path) -> Source:
    """The definition from all its files, with its texts. Raises Unreadable."""
    main = folder / "definition.yaml"
    origin = Place(str(main), 1)
    if not main.is_file():
        raise Unreadable(origin, "missing-file", "there is no such file; a definition begins here")
    files = [file for file in sorted(folder.glob("*.yaml")) if file.name != "directory.yaml"]
    texts = [file for file in files if file.name.startswith(_TEXTS)]
    source = merged((read_source(file) for file in files if file not in texts), origin)
    if place := source.places.get(("texts",)):
        raise Unreadable(place, "duplicate-key", "write texts in texts.<language>.yaml instead")
    return replace(source, data=source.data | {"texts": dict(_with_texts(texts, source.places))})


def agreement_files(folder: Path) -> Iterator[Path]:
    """The files of the agreements."""
    return iter(sorted((folder / "agreements").glob("*.yaml")))


def article_files(folder: Path) -> Iterator[Path]:
    """The article files, each with all its languages."""
    return iter(sorted((folder / "articles").glob("*.md")))


def directory_source(folder: Path) -> Source:
    """The directory; empty without such a file. Raises Unreadable."""
    file = folder / "directory.yaml"
    return read_source(file) if file.is_file() else Source({}, Place(str(file), 1))


def _with_texts(
    files: list[Path], places: dict[DocPath, Place]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        language = file.name.removeprefix(_TEXTS).removesuffix(".yaml")
        source = read_source(file)
        places["texts", language] = source.origin
        texts: dict[str, Any] = {}
        for path, text in _leaves(source.data, ()):
            key = ".".join(path)
            texts[key] = text
            places["texts", language, key] = source.place_of(path)
        yield language, texts


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    else:
        yield path, node
