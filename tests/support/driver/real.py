"""The scenario language on the running platform: real SMTP, real HTTP, mail from the sink."""

import mailbox
import smtplib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import httpx
import msgspec
from case_events.contracts.commands import (
    Command,
)
from case_events.envelope import Record
from case_portal.access.accounts import save_account
from case_portal.core.principal import Account

from tests.support.desk.values import (
    AccountTold,
    Answer,
    ArticleTold,
    CaseTold,
    Delivery,
    Entry,
    File,
    Form,
    Person,
    Sent,
    TopicTold,
    WaitingTold,
)
from tests.support.desk.visitors import RealVisitor
from tests.support.driver.form_requests import key_of, made_of, request_for
from tests.support.driver.real_requests import request_of
from tests.support.real.platform import RunningPlatform, eventually
from tests.support.real.quiescence import Databases
from tests.support.wire import codec

PASSWORD = "a password for tests"
REFUSING = ("intake", "workflow")


class RealDriver:
    """Implements `scenario.Driver`, but for time, which passes by itself.

    One serves all scenarios of a run; `scenario` begins another one.
    """

    def __init__(self, platform: RunningPlatform) -> None:
        self.platform = platform
        self._databases = Databases(platform)
        self._portal = httpx.Client(base_url=platform.url("portal", "/api/v1"), timeout=30)
        self._intake = httpx.Client(base_url=platform.url("intake", "/api/v1"), timeout=30)
        self._tokens: dict[Person, str] = {}
        self._known: set[Person] = set()
        self._had = (0, 0)

    def know(self, people: Sequence[Person]) -> None:
        """Make accounts for people who have none yet."""
        for person in set(people) - self._known:
            # Not their address: somebody may have an account under that already.
            account = Account(
                tenant=person.tenant, kind=person.kind, person=person.id, user=_user(person)
            )
            save_account(self.platform.database("portal"), account, PASSWORD)
            self._known.add(person)

    @contextmanager
    def scenario(self) -> Iterator["RealDriver"]:
        """A scenario of its own: mails and refusals count from here."""
        self._settle()
        self._had = (len(self._maildir()), len(self._all_refusals()))
        yield self

    def close(self) -> None:
        """Let go of all connections."""
        self._databases.close()
        self._portal.close()
        self._intake.close()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def pass_until(self, at: datetime) -> None:
        raise NotImplementedError("time cannot be moved here")

    def stop(self, service: str) -> None:
        self.platform.kill(service)

    def start(self, service: str) -> None:
        self.platform.begin(service)
        self.platform.wait_until_ready(service)
        self._settle()

    def deliver(self, raw: bytes, sender: str, to: Sequence[str]) -> Delivery:
        try:
            with smtplib.SMTP("127.0.0.1", self.platform.ports["smtp"], timeout=30) as smtp:
                smtp.sendmail(sender, list(to), raw)
        except smtplib.SMTPRecipientsRefused as refused:
            return Delivery(next(iter(refused.recipients.values()))[0])
        except smtplib.SMTPResponseException as refused:
            return Delivery(refused.smtp_code)
        self._settle()
        # The last of that Message-ID; of all, where it has none.
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip(" <>\r\n")
        found = self._databases.rows(
            "intake",
            "SELECT reference FROM arrivals WHERE %s IN ('', message_id)"
            " ORDER BY received_at DESC LIMIT 1",
            message_id,
        )
        return Delivery(250, found[0][0] or "")

    def create(self, who: Person, form: Form) -> str | list[Answer]:
        headers = self.pass_of(who) | key_of(form)
        response = self._intake.post("/cases", headers=headers, **request_for(form))
        self._settle()
        return made_of(response)

    def ask(self, who: Person, reference: str, command: Command, files: Sequence[File]) -> Answer:
        way = request_of(command)
        url, headers = f"/cases/{reference}/{way.path}", self.session_of(who)
        parts = [("files", (file.name, file.data, file.type)) for file in files]
        response = self._portal.request(
            way.method, url, headers=headers, json=way.json, data=way.form, files=parts or None
        )
        if response.status_code == httpx.codes.ACCEPTED:
            self._settle()
            href = response.json()["href"].removeprefix("/api/v1")
            response = self._portal.get(href, headers=headers)
        told = response.json()
        if response.is_success:
            self._settle()
            return msgspec.convert(told, Answer)
        return _refused(told)

    def case(self, who: Person, reference: str) -> CaseTold | None:
        told = self._read(who, f"/cases/{reference}")
        return None if told is None else msgspec.convert(told, CaseTold)

    def history(self, who: Person, reference: str) -> list[Entry] | None:
        told = self._read(who, f"/cases/{reference}/history")
        return None if told is None else msgspec.convert(told["entries"], list[Entry])

    def account(self, who: Person, reference: str, at: datetime | None) -> AccountTold | None:
        query = f"?as_of={quote(at.isoformat())}" if at else ""
        told = self._read(who, f"/cases/{reference}/work{query}")
        return None if told is None else msgspec.convert(told, AccountTold)

    def file(self, who: Person, reference: str, sha256: str) -> bytes | None:
        response = self._portal.get(
            f"/cases/{reference}/attachments/{sha256}", headers=self.session_of(who)
        )
        return response.content if response.is_success else None

    def references(self, who: Person, view: str) -> list[str]:
        found: list[str] = []
        page, more = 1, True
        while more:
            told = self._read(who, f"/cases?view={view}&page={page}")
            assert told is not None
            found += [case["reference"] for case in told["cases"]]
            page, more = page + 1, told["more"]
        return found

    def invite(self, who: Person, contact: str) -> Answer:
        headers = self.session_of(who)
        response = self._portal.post("/invitations", headers=headers, json={"contact": contact})
        self._settle()
        return Answer(status="done") if response.is_success else _refused(response.json())

    def visitor(self) -> RealVisitor:
        return RealVisitor(self.platform.url("portal"), self._settle)

    def suggestions(self, who: Person, form: Form) -> list[str]:
        typed = {"case_type": form.case_type, "title": str(form.values["title"]),
                 "text": str(form.values["description"])}  # fmt: skip
        found = self._read(who, f"/suggestions?{urlencode(typed)}")
        return [one["id"] for one in found["articles"]]

    def articles(self, who: Person, search: str) -> list[str]:
        found = self._read(who, f"/articles?{urlencode({'search': search})}")
        return [one["id"] for one in found["articles"]]

    def article(self, who: Person, article: str) -> ArticleTold | None:
        found = self._read(who, f"/articles/{article}")
        return None if found is None else msgspec.convert(found, ArticleTold)

    def topics(self, who: Person, query: Mapping[str, str]) -> list[TopicTold] | None:
        found = self._read(who, f"/reports/topics?{urlencode(query)}")
        return None if found is None else msgspec.convert(found["lines"], list[TopicTold])

    def waiting(self, who: Person, decision: str) -> list[WaitingTold] | None:
        told = self._read(who, f"/decisions?decision={decision}")
        return None if told is None else msgspec.convert(told["cases"], list[WaitingTold])

    def sent(self) -> list[Sent]:
        self._settle()
        return self._maildir()[self._had[0] :]

    def refusals(self) -> list[Record]:
        self._settle()
        return self._all_refusals()[self._had[1] :]

    def arrived(self, tenant: str, sha256: str) -> bytes | None:
        path = self.platform.folder / "blobs" / tenant / sha256[:2] / sha256
        return path.read_bytes() if path.exists() else None

    def flaws(self, tenant: str, reference: str) -> list[str]:
        asked = self.platform.of_tools(f"/verify?tenant={tenant}&reference={reference}")
        with urlopen(asked, timeout=30) as got:
            return [str(flaw) for flaw in msgspec.json.decode(got.read())["flaws"]]

    def _settle(self) -> None:
        eventually(self._databases.are_quiet, 30, "all services have taken in all there is")

    def _read(self, who: Person, path: str) -> Any:
        response = self._portal.get(path, headers=self.session_of(who))
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return response.raise_for_status().json()

    def session_of(self, who: Person) -> dict[str, str]:
        """The header that the portal knows somebody by."""
        if who not in self._tokens:
            log_in = {"user": _user(who), "password": PASSWORD, "tenant": who.tenant}
            response = self._portal.post("/session", json=log_in).raise_for_status()
            self._tokens[who] = response.json()["token"]
        return {"Authorization": f"Bearer {self._tokens[who]}"}

    def pass_of(self, who: Person) -> dict[str, str]:
        """The header that intake knows somebody by, as the portal vouches for them."""
        given = self._portal.post("/session/pass", headers=self.session_of(who))
        return {"Authorization": f"Bearer {given.raise_for_status().json()['token']}"}

    def _maildir(self) -> list[Sent]:
        kept = mailbox.Maildir(self.platform.folder / "sink", create=True)
        mails = []
        for key in kept.iterkeys():
            # The sink writes the envelope into three lines of its own before the mail.
            _, to, at, raw = kept.get_bytes(key).split(b"\n", 3)
            mails.append((at, Sent(to.decode().partition(": ")[2].strip(), raw)))
        return [sent for _, sent in sorted(mails, key=lambda mail: mail[0])]

    def _all_refusals(self) -> list[Record]:
        values = [
            row
            for service in REFUSING
            for row in self._databases.rows(
                service, "SELECT written_at, value FROM log WHERE topic = 'refusals'"
            )
        ]
        return [codec.decode(value) for _, value in sorted(values, key=lambda row: row[0])]


def _refused(told: dict[str, Any]) -> Answer:
    return Answer(
        status="refused", code=told["code"], field=told["field"], rule=told["rule"],
        reason=told["detail"],
    )  # fmt: skip


def _user(person: Person) -> str:
    return f"stories-{person.kind}-{person.id}"
