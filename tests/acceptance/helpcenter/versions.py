"""The desk of helpcenter and its next version, in either world.

On the running platform it is a tenant of its own: the other stories stay under their version.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
from case_definition.publishing.loading import load_tenant
from case_portal.migrations.cli import OUTCOMES
from casefold.publishing import publish_documents, read_tenant, terms_of
from msgspec.structs import replace
from ruamel.yaml import YAML

from tests.acceptance.helpcenter.conftest import FOLDER
from tests.acceptance.helpcenter.people import ADDRESS, EVERYBODY, FLOOR, GEERT, LOTTE, TENANT
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.driver.real import RealDriver
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.real.platform import eventually
from tests.support.wire import codec

Mapped = Mapping[str, Mapping[str, str]]
Outcomes = dict[str, tuple[str, str]]
"""What becomes of each case: by its reference the outcome, and its status then."""
OWN = "helpcenter-next"
DOMAINS = ("@boekhoudgemak", "@boekhoudgemak-next")
SECOND = {r"^version: 1$": "version: 2", r"\bpending\b": "waiting", "after: PT48H": "after: PT24H"}
"""What waits for the contact is called otherwise, and a solved case closes after a day."""


class Versions(Protocol):
    """Where the desk gets its second version, and cases go over to it."""

    def own(self, who: Person) -> Person:
        """Somebody, as a person of this desk."""

    def publish_second(self) -> None: ...
    def migrate(self, mapping: Mapped, *, apply: bool = False) -> Outcomes:
        """Ask as an administrator what would become of the open cases, or bring them over."""


def written(folder: Path, into: Path, words: Mapping[str, str]) -> Path:
    """A tenant's folder with other words in it."""
    shutil.copytree(folder, into)
    for file in into.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        for old, new in words.items():
            text = re.sub(old, new, text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")
    return into


@dataclass
class SimulatedVersions:
    """In the simulated world, by the API."""

    driver: SideBySideDriver
    folder: Path

    def own(self, who: Person) -> Person:
        return who

    def publish_second(self) -> None:
        second = written(FOLDER, self.folder / "second", SECOND)
        for published in terms_of(load_tenant(second)):
            self.driver.publish(published)

    def migrate(self, mapping: Mapped, *, apply: bool = False) -> Outcomes:
        asked = {"to": 2, "mapping": mapping, "dry_run": not apply}
        answer = self.driver.post(FLOOR, "/migrations", asked).raise_for_status().json()
        return {one["reference"]: (one["outcome"], one["status"]) for one in answer["cases"]}


@dataclass
class RealVersions:
    """On the running platform, by the command line."""

    driver: RealDriver
    folder: Path

    def own(self, who: Person) -> Person:
        return replace(who, tenant=OWN)

    def begin(self) -> None:
        """The tenant, and everybody's account; waits until the services know it."""
        words = {f"^tenant: {TENANT}$": f"tenant: {OWN}", DOMAINS[0]: DOMAINS[1]}
        first = written(FOLDER, self.folder / "first", words)
        publish_documents(read_tenant(first), self.driver.platform.kafka.bootstrap, codec)
        self.driver.know([self.own(who) for who in EVERYBODY])
        eventually(self._is_known, 30, f"everybody knows {OWN}")

    def _is_known(self) -> bool:
        headers = self.driver.pass_of(self.own(LOTTE))
        cases = self.driver.platform.url("intake", "/api/v1/cases")
        if httpx.post(cases, headers=headers, json={}).status_code == httpx.codes.UNAUTHORIZED:
            return False
        try:
            return bool(self.driver.session_of(self.own(FLOOR)))
        except httpx.HTTPStatusError:
            return False

    def publish_second(self) -> None:
        second = written(self.folder / "first", self.folder / "second", SECOND)
        publish_documents(read_tenant(second), self.driver.platform.kafka.bootstrap, codec)
        asked = {"to": 2, "dry_run": True}
        url = self.driver.platform.url("portal", "/api/v1/migrations")
        headers = self.driver.session_of(self.own(FLOOR))

        def is_there() -> bool:
            return httpx.post(url, headers=headers, json=asked).is_success

        eventually(is_there, 30, "the portal knows the second version")

    def migrate(self, mapping: Mapped, *, apply: bool = False) -> Outcomes:
        file = self.folder / "mapping.yaml"
        with file.open("w") as stream:
            YAML(typ="safe", pure=True).dump({"to": 2, **mapping}, stream)
        token = self.driver.session_of(self.own(FLOOR))["Authorization"].removeprefix("Bearer ")
        result = self.driver.platform.command(
            "definition", "migrate", str(file), *(["--apply"] if apply else []),
            settings={"CASEFOLD_TOKEN": token},
        )  # fmt: skip
        _, *lines, _ = result.splitlines()
        return dict(_outcome_of(line) for line in lines)


def _outcome_of(line: str) -> tuple[str, tuple[str, str]]:
    reference, _, status, _, outcome = re.split(" {3,}", line)
    outcomes = {words: outcome for outcome, words in OUTCOMES.items()}
    return reference, (outcomes[outcome], status.rpartition(" → ")[2])


@contextmanager
def own_desk(driver: RealDriver, folder: Path) -> Iterator[Desk]:
    """The like of helpcenter on the running platform."""
    versions = RealVersions(driver, folder)
    versions.begin()
    address = ADDRESS.replace(*DOMAINS)
    with driver.scenario():
        yield Desk(driver, address, versions.own(GEERT))


def versions_of(desk: Desk, folder: Path) -> Versions:
    """The versions of a desk, by the ways of its world."""
    if isinstance(desk.driver, RealDriver):
        return RealVersions(desk.driver, folder)
    assert isinstance(desk.driver, SideBySideDriver)
    return SimulatedVersions(desk.driver, folder)
