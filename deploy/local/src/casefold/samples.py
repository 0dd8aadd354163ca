"""Sample accounts and a mail address, from `deploy/tenants/sample.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from case_portal.access.accounts import save_first_accounts
from case_portal.core.principal import Account
from ruamel.yaml import YAML

from casefold.project import PROJECT

SAMPLE = PROJECT / "deploy" / "tenants" / "sample.yaml"


@dataclass(frozen=True)
class Login:
    """A sample account and its password."""

    account: Account
    password: str


@dataclass(frozen=True)
class Sample:
    """The sample accounts, and the addresses for a first mail."""

    logins: tuple[Login, ...]
    mail_to: str
    mail_from: str


def read_sample(file: Path = SAMPLE) -> Sample:
    """Read the sample file. Raises `KeyError` or `TypeError` if it has another structure."""
    content: dict[str, Any] = YAML(typ="safe").load(file)
    logins = tuple(
        Login(Account(**{name: entry[name] for name in ("tenant", "kind", "person", "user")}),
              entry["password"])
        for entry in content["accounts"]
    )  # fmt: skip
    return Sample(logins, content["mail"]["to"], content["mail"]["from"])


def make_accounts(database_url: str, sample: Sample) -> None:
    """Make the sample accounts, at the first start of a platform only. Raises `psycopg.Error`.

    A later start restores nothing: neither a password, nor an account that was handed to somebody
    else, put out of use or deleted.
    """
    save_first_accounts(database_url, ((login.account, login.password) for login in sample.logins))
