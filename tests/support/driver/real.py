"""The scenario language on the running platform: real SMTP, real HTTP, mail from the sink."""

import mailbox
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from urllib.request import urlopen

import httpx
import msgspec
from case_events.envelope import Record
from case_portal.access.accounts import save_account
from case_portal.core.principal import Account

from tests.support.desk.values import Delivery, Person, Sent
from tests.support.driver.api import ApiDriver
from tests.support.real.passwords import quickly_hashed
from tests.support.real.platform import RunningPlatform, eventually
from tests.support.real.quiescence import Databases
from tests.support.wire import codec

PASSWORD = "a password for tests"
REFUSING = ("intake", "workflow")


class RealDriver(ApiDriver):
    """Implements `scenario.Driver`, except that time passes by itself.

    One driver serves all scenarios of a run; `scenario` begins another one.
    """

    def __init__(self, platform: RunningPlatform) -> None:
        self.platform = platform
        self._databases = Databases(platform)
        self._clients = [
            httpx.Client(base_url=platform.url(service, "/api/v1"), timeout=30)
            for service in ("portal", "intake")
        ]
        super().__init__(*self._clients)
        self._tokens: dict[Person, str] = {}
        self._known: set[Person] = set()
        self._had = (0, 0)

    def know(self, people: Sequence[Person]) -> None:
        """Make accounts for people who have none yet."""
        for person in set(people) - self._known:
            # Not their address: somebody may have an account under that address already.
            account = Account(
                tenant=person.tenant, kind=person.kind, person=person.id, user=_user(person)
            )
            with quickly_hashed():
                save_account(self.platform.database("portal"), account, PASSWORD)
            self._known.add(person)

    @contextmanager
    def scenario(self) -> Iterator["RealDriver"]:
        """A scenario of its own: mails and refusals count from here."""
        self._settle()
        self._had = (len(self._maildir()), len(self._all_refusals()))
        yield self

    def close(self) -> None:
        """Close all connections."""
        self._databases.close()
        for client in self._clients:
            client.close()

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
        # The last mail with that Message-ID; the last of all, without one.
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip(" <>\r\n")
        found = self._databases.rows(
            "intake",
            "SELECT reference FROM arrivals WHERE %s IN ('', message_id)"
            " ORDER BY received_at DESC LIMIT 1",
            message_id,
        )
        return Delivery(250, found[0][0] or "")

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

    def _browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.platform.url("portal"), timeout=30)

    def session_of(self, who: Person) -> dict[str, str]:
        """See `ApiDriver`."""
        if who not in self._tokens:
            log_in = {"user": _user(who), "password": PASSWORD, "tenant": who.tenant}
            response = self._portal.request("POST", "/session", json=log_in)
            self._tokens[who] = response.raise_for_status().json()["token"]
        return {"Authorization": f"Bearer {self._tokens[who]}"}

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


def _user(person: Person) -> str:
    return f"stories-{person.kind}-{person.id}"
