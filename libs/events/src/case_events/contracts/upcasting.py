"""Upcasting: how data of an old version of a contract becomes data of the newest version."""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Upcaster = Callable[[Document], Document]

_steps: dict[str, tuple[str, Upcaster]] = {}


def upcaster(old: str, new: str) -> Callable[[Upcaster], Upcaster]:
    """Register a function that turns the data of type `old` into data of type `new`. Raises
    `ValueError` if `old` already has one."""

    def register(step: Upcaster) -> Upcaster:
        if old in _steps:
            raise ValueError(f"{old} already has an upcaster")
        _steps[old] = (new, step)
        return step

    return register


def is_old(ce_type: str) -> bool:
    """Return whether records of this type are upcast."""
    return ce_type in _steps


def upcast(ce_type: str, data: Document) -> tuple[str, Document]:
    """Return the newest type and its data, after all upcasters."""
    while ce_type in _steps:
        ce_type, step = _steps[ce_type]
        data = step(data)
    return ce_type, data


def read_as(ce_type: str) -> list[str]:
    """Return a type name and those of all earlier versions that are upcast to it."""
    earlier = [old for old, (new, _) in _steps.items() if new == ce_type]
    return [ce_type, *(name for old in earlier for name in read_as(old))]
