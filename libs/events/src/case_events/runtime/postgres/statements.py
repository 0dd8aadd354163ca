"""Named SQL statements, read from the `.sql` files of a package.

Each text in a file has a head, and a comment below it that explains the text:

    -- name: find_mail
    -- The arrival of a mail that was handed over before.
    SELECT id FROM arrivals WHERE message_id = %s;

A `name` is a whole statement and ends with a semicolon. A `fragment` is a part that Python composes
into statements with `psycopg.sql`, and has none.
"""

import re
from importlib.resources import files
from typing import LiteralString

_HEAD = re.compile(r"^-- (name|fragment): (\w+)$", re.MULTILINE)
_FORM = {"name": re.compile(r"[^;]+;"), "fragment": re.compile(r"[^;]+")}
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)


def load_statements(package: str, file: str) -> dict[str, LiteralString]:
    """Return the texts of `sql/<file>.sql` in a package, by name, without their comments.

    A statement begins with `/* <file>.<name> */`: PostgreSQL shows that name in its log, in
    `pg_stat_activity` and in `pg_stat_statements`. Raises `ValueError` if two texts have one name,
    if a text is empty, and for a missing or surplus semicolon.
    """
    script = (files(package) / "sql" / f"{file}.sql").read_text(encoding="utf-8")
    parts = _HEAD.split(script)
    statements: dict[str, LiteralString] = {}
    for kind, name, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text = _COMMENT.sub("", body).strip()
        if name in statements:
            raise ValueError(f"{file}.sql has two texts named {name}")
        if not _FORM[kind].fullmatch(text):
            raise ValueError(f"{file}.sql: {name} is not written as a {kind}")
        if kind == "name":
            text = f"/* {file}.{name} */ {text[:-1]}"
        # A file of the package is as literal as its code.
        statements[name] = text
    return statements
