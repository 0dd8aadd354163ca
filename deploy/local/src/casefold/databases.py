"""The databases of the services, each with two logins: one that owns it, and one for requests.

The settings of every service are in one file, by service. So a second run finds the passwords of
the first, and an operator gives each service its own part.
"""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import click
import psycopg
from case_events.runtime.postgres import REQUESTS_ROLE, load_statements
from psycopg import Connection, sql

from casefold.servers import DATABASE_SETTING
from casefold.topology import TOPOLOGY

STATEMENTS = load_statements("casefold", "servers")
OWN: Final = "CASEFOLD_DATABASE_URL"
REQUESTS: Final = "CASEFOLD_REQUESTS_DATABASE_URL"
LOGINS: Final = {OWN: "", REQUESTS: "_requests"}
"""The settings of a service, and the end of the name of their login."""
FILE: Final = "databases.json"

DatabaseSettings = dict[str, dict[str, str]]
"""The settings of each service: `OWN` and `REQUESTS`."""


class OtherOwner(Exception):
    """A database exists and belongs to somebody else. The message says what to do."""


def create_databases(url: str, services: Iterable[str], file: Path) -> DatabaseSettings:
    """Make the databases and logins that are missing; returns the settings, and keeps them in a
    file.

    `url` is that of an administrator of the server, who may make roles and databases. A login whose
    password is not in the file gets a new one. Raises `OtherOwner` and `psycopg.Error`.
    """
    settings = {
        service: {name: _url(url, service, suffix, _password(file, service, name))
                  for name, suffix in LOGINS.items()}
        for service in services
    }  # fmt: skip
    with psycopg.connect(url, autocommit=True) as db:
        _make_logins(db, settings, known(file))
        owners: dict[str, str] = dict(db.execute(STATEMENTS["list_databases"]).fetchall())
        for service in settings:
            _make_database(db, service, owners)
    _write_private(file, json.dumps(known(file) | settings, indent=2) + "\n")
    return settings


def known(file: Path) -> DatabaseSettings:
    """The settings in a file; none if there is no file."""
    held: DatabaseSettings = json.loads(file.read_text()) if file.exists() else {}
    return held


def on_server(url: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The settings of a service with the address of this server."""
    server = urlsplit(url)
    address = server.netloc.rpartition("@")[2]
    moved = {}
    for name, setting in settings.items():
        parts = urlsplit(setting)
        login = parts.netloc.rpartition("@")[0]
        moved[name] = urlunsplit(server._replace(netloc=f"{login}@{address}", path=parts.path))
    return moved


def _url(url: str, service: str, suffix: str, password: str) -> str:
    plain = f"postgresql://casefold_{service}{suffix}:{quote(password, safe='')}@here/{service}"
    return on_server(url, {"": plain})[""]


def _password(file: Path, service: str, name: str) -> str:
    held = known(file).get(service, {}).get(name, "")
    return urlsplit(held).password or secrets.token_urlsafe(32)


def _make_logins(db: Connection[Any], settings: DatabaseSettings, before: DatabaseSettings) -> None:
    wanted = {
        _login_of(url): (url, name in before.get(service, {}))
        for service, urls in settings.items()
        for name, url in urls.items()
    }
    there = _roles(db, [REQUESTS_ROLE, *wanted])
    if REQUESTS_ROLE not in there:
        _run(db, STATEMENTS["create_role"], role=sql.Identifier(REQUESTS_ROLE))
    for login, (url, has_password) in wanted.items():
        name = sql.Identifier(login)
        if login not in there:
            _run(db, STATEMENTS["create_login"], login=name, hashed=_hashed(db, url))
        elif not has_password:
            _run(db, STATEMENTS["set_password"], login=name, hashed=_hashed(db, url))
        if login.endswith(LOGINS[REQUESTS]):
            _run(db, STATEMENTS["grant_role"], role=sql.Identifier(REQUESTS_ROLE), login=name)


def _make_database(db: Connection[Any], service: str, owners: Mapping[str, str]) -> None:
    """Make a database that is missing, and open it to its two logins alone."""
    owner, requests = (f"casefold_{service}{suffix}" for suffix in LOGINS.values())
    if owners.get(service, owner) != owner:
        raise OtherOwner(
            f"the database {service} belongs to {owners[service]}, and not to {owner}: give it to"
            " that login, or on a machine to try things on, `make reset` makes it anew"
        )
    name, own = sql.Identifier(service), sql.Identifier(owner)
    _run(db, STATEMENTS["become_owner"], login=own)
    if service not in owners:
        _run(db, STATEMENTS["create_database"], name=name, owner=own)
    _run(db, STATEMENTS["close_database"], name=name)
    _run(db, STATEMENTS["open_database"], name=name, login=sql.Identifier(requests))
    _run(db, STATEMENTS["leave_owner"], login=own)


def _roles(db: Connection[Any], names: list[str]) -> set[str]:
    return {name for (name,) in db.execute(STATEMENTS["list_roles"], [names])}


def _run(db: Connection[Any], statement: LiteralString, **parts: sql.Composable) -> None:
    db.execute(sql.SQL(statement).format(**parts))


def _login_of(url: str) -> str:
    return urlsplit(url).username or ""


def _hashed(db: Connection[Any], url: str) -> sql.Literal:
    """The password of a URL as the server keeps it, so that it never stands in a log."""
    password = (urlsplit(url).password or "").encode()
    hashed = db.pgconn.encrypt_password(password, _login_of(url).encode(), b"scram-sha-256")
    return sql.Literal(hashed.decode())


def _write_private(file: Path, text: str) -> None:
    half = file.with_name(file.name + ".half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    half.write_text(text)
    half.replace(file)


@click.group()
def database() -> None:
    """Look after the databases of the services, and their logins."""


@database.command()
@click.option("--url", envvar=DATABASE_SETTING, required=True, help="That of an administrator.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def create(url: str, file: Path) -> None:
    """Make the missing databases and logins, and write the settings of each service to FILE.

    Each service has two logins: the owner of its database, and one for requests. A login that FILE
    has no password of gets a new one. FILE is readable for you only: it is the secret part of the
    settings. Give each service its own part, and nothing else.
    """
    services = [service.database for service in TOPOLOGY.services if service.database]
    try:
        made = create_databases(url, services, file)
    except (OtherOwner, psycopg.Error) as error:
        raise click.ClickException(str(error)) from error
    for service, urls in made.items():
        click.echo(f"{service}: {' and '.join(_login_of(url) for url in urls.values())}")
    click.echo(f"The settings are in {os.fspath(file)}.")
