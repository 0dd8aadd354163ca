"""Pieces of queries that count by day, week, month or another dimension."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from case_events.runtime.postgres import load_statements
from psycopg import sql

STATEMENTS = load_statements("case_portal.database", "grouping")

PERIODS = {"day": "YYYY-MM-DD", "week": 'IYYY-"W"IW', "month": "YYYY-MM"}
"""The formats of PostgreSQL's `to_char` for the dimensions that are parts of a calendar."""

Dimension = Callable[[str], sql.Composable]
"""The SQL of a dimension's value, as text, by the dimension's name."""


def period(name: str, instant: str) -> sql.Composable:
    """The day, week or month of an instant. `instant` is a column; the query has a `zone`."""
    return sql.SQL(STATEMENTS["period"]).format(
        instant=sql.Identifier(instant), format=sql.Literal(PERIODS[name])
    )


def groups(names: Iterable[str], dimension: Dimension) -> sql.Composable:
    """The column `by_group`: the values of these dimensions."""
    values = sql.SQL(", ").join(dimension(name) for name in names)
    return sql.SQL(STATEMENTS["groups"]).format(values=values)


def only(names: Iterable[str], dimension: Dimension) -> sql.Composable:
    """A condition for each dimension; `only_values` has their parameters."""
    return sql.SQL(" ").join(
        sql.SQL(STATEMENTS["only"]).format(
            value=dimension(name), values=sql.Placeholder(f"only_{name}")
        )
        for name in names
    )


def only_values(wanted: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The parameters of `only`."""
    return {f"only_{name}": list(values) for name, values in wanted.items()}
