"""`casefold demo`: plays a story on the running platform, by mail and API, and prints it."""

import json
import re
import smtplib
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import msgspec
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.directory import Entry
from case_events.contracts.reference import AgreementPublished
from case_events.topics import AGREEMENTS, DIRECTORY
from case_events.wire.codec import Codec
from ruamel.yaml import YAML

from casefold import topology
from casefold.keys import keys_of
from casefold.ports import LOOPBACK
from casefold.project import PROJECT
from casefold.publishing import Published, entry_event, send

STORY = PROJECT / "deploy" / "tenants" / "demo.yaml"
TIMEOUT = 30.0
_REFERENCE = re.compile(r"\[([^\]\s]+)\]")

T = TypeVar("T")


class DemoError(Exception):
    """The story cannot continue; the message says why."""


class Demo:
    """Plays the story of a file on the platform that the environment names."""

    def __init__(
        self, environment: Mapping[str, str], report: Callable[[str], None], file: Path = STORY
    ) -> None:
        self._environment, self._report = environment, report
        self._script: dict[str, Any] = YAML(typ="safe").load(file)
        self._portal = topology.url(topology.PORTAL, environment)
        self._sink = topology.url(topology.SINK_WEB, environment)
        self._tokens: dict[str, str] = {}
        self._earlier: frozenset[str] = frozenset()

    def play(self) -> None:
        """Play both parts. Raises `DemoError` if the platform does not answer as expected."""
        # The mail sink may contain the same mails from an earlier run.
        before = self._get(f"{self._sink}/api/mails?limit=100000", {})
        self._earlier = frozenset(mail["id"] for mail in before)
        self._make_hurry()
        late = self._forgotten_case()
        self._case_from_mail_to_rating()
        self._escalation(late)

    def _make_hurry(self) -> None:
        bootstrap = (
            self._environment.get("KAFKA_BOOTSTRAP_SERVERS")
            or f"{LOOPBACK}:{topology.KAFKA.number(self._environment)}"
        )
        people = [msgspec.convert(entry, Entry) for entry in self._script["directory"]]
        terms = AgreementDocument.model_validate(self._script["agreement"]).model_dump(
            mode="json", by_alias=True
        )
        key = f"{terms['tenant']}/{terms['id']}/{terms['version']}"
        published: list[Published] = [
            (DIRECTORY, f"{p.tenant}/{p.id}", p.tenant, entry_event(p)) for p in people
        ]
        published.append((AGREEMENTS, key, terms["tenant"], AgreementPublished(key, terms)))
        send(published, bootstrap, Codec(keys_of(self._environment)))
        self._report(
            "A customer was made whose agreement promises a first answer within 8 seconds."
        )
        time.sleep(1)  # every replica reads it with its next fetch; no API tells when

    def _forgotten_case(self) -> str:
        late = self._script["late"]
        sent = self._mail(late["from"], late["subject"], late["text"])
        reference = self._confirmed(late["from"]["address"], sent)
        self._report(f"{late['from']['name']} writes «{late['subject']}»: {self._link(reference)}.")
        self._report("  Nobody takes it up. We come back to it.")
        return reference

    def _case_from_mail_to_rating(self) -> None:
        story = self._script["story"]
        contact = {"address": story["contact"]["user"], "name": story["contact"]["name"]}
        sent = self._mail(contact, story["subject"], story["text"])
        self._report(f"{contact['name']} writes «{story['subject']}» to {story['desk']}.")
        reference = self._confirmed(contact["address"], sent)
        self._report(f"  It became {self._link(reference)}; the confirmation is in the sink.")
        self._step("agent", reference, "take_up", "takes it up")
        self._step("agent", reference, "ask", "asks", comment=story["question"])
        asked = self._await_mail(
            contact["address"], lambda mail: story["question"] in mail["text"], "the question"
        )
        self._report("  The question went out by mail; the clocks stand still (need_input).")
        self._mail(contact, f"Re: {asked['subject']}", story["answer"], asked, story["attachment"])
        self._await_status(reference, "in_progress")
        self._report(f"{contact['name']} answers by mail, with {story['attachment']['name']}.")
        self._step(
            "agent", reference, "resolve", "resolves it",
            comment=story["solution"], fields={"cause": story["cause"]},
        )  # fmt: skip
        self._await_mail(
            contact["address"], lambda mail: story["solution"] in mail["text"], "the solution"
        )
        self._step("contact", reference, "agree", "agrees, in the portal")
        self._await_status(reference, "closed")
        self._report(
            f"  {reference} is closed. See it: .venv/bin/casefold case history {reference}"
        )

    def _escalation(self, reference: str) -> None:
        self._report(f"Meanwhile {reference} lies untouched:")
        for level in self._script["agreement"]["escalation"]:
            mail = self._await_mail(
                level["address"],
                lambda mail: (
                    reference in mail["subject"]
                    and ["X-Casefold-Message", "escalated"] in mail["headers"]
                ),
                f"the escalation to level {level['level']}",
            )
            self._report(f"  level {level['level']}, {level['role']}: «{mail['subject']}»")
        told = [
            f"{entry['at'][11:19]} {entry['type']}"
            for entry in self._history(reference)
            if entry["type"] in {"deadline_warned", "target_breached", "escalation_raised"}
        ]
        self._report("  on record: " + ", ".join(told))
        self._report(f"All mail: {self._sink}  The portal: {self._portal}")

    def _mail(
        self,
        sender: Mapping[str, str],
        subject: str,
        text: str,
        reply_to: Mapping[str, Any] | None = None,
        attachment: Mapping[str, str] | None = None,
    ) -> str:
        message = EmailMessage()
        message["From"] = formataddr((sender["name"], sender["address"]))
        message["To"] = reply_to["reply_to"] if reply_to else self._script["story"]["desk"]
        message["Subject"] = subject
        message["Message-ID"] = make_msgid(domain=sender["address"].partition("@")[2])
        if reply_to:
            message["In-Reply-To"] = reply_to["message_id"]
        message.set_content(text)
        if attachment:
            message.add_attachment(attachment["content"], filename=attachment["name"])
        port = topology.SMTP.number(self._environment)
        try:
            with smtplib.SMTP(LOOPBACK, port, timeout=TIMEOUT) as smtp:
                smtp.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise DemoError(f"no mail can be sent to port {port}: {error}") from error
        return str(message["Message-ID"])

    def _confirmed(self, address: str, sent: str) -> str:
        mail = self._await_mail(
            address, lambda mail: mail["in_reply_to"] == sent, "the confirmation"
        )
        found = _REFERENCE.search(mail["subject"])
        if found is None:
            raise DemoError(f"the confirmation names no reference: {mail['subject']}")
        return found[1]

    def _step(self, who: str, reference: str, name: str, doing: str, **form: Any) -> None:
        person = self._script["story"][who]
        path = f"/api/v1/cases/{quote(reference)}/transitions/{name}"
        self._ask(path, form, self._token(person))
        said = f": {form['comment']}" if "comment" in form else "."
        self._report(f"{person.get('name', person['user'])} {doing}{said}")

    def _token(self, person: Mapping[str, str]) -> str:
        user = person["user"]
        if user not in self._tokens:
            form = {"user": user, "password": person["password"]}
            self._tokens[user] = self._ask("/api/v1/session", form)["token"]
        return self._tokens[user]

    def _history(self, reference: str) -> list[dict[str, Any]]:
        token = self._token(self._script["story"]["agent"])
        path = f"/api/v1/cases/{quote(reference)}/history"
        entries: list[dict[str, Any]] = self._ask(path, None, token)["entries"]
        return entries

    def _await_status(self, reference: str, status: str) -> None:
        token = self._token(self._script["story"]["agent"])
        path = f"/api/v1/cases/{quote(reference)}"
        self._await(
            lambda: self._ask(path, None, token)["status"] == status, f"the status {status}"
        )

    def _await_mail(
        self, address: str, fits: Callable[[dict[str, Any]], bool], what: str
    ) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = self._get(f"{self._sink}/api/mails?limit=200&to={quote(address)}", {})
            new = (mail for mail in found if mail["id"] not in self._earlier)
            return next((mail for mail in new if fits(mail)), None)

        return self._await(look, f"{what} to {address}")

    def _await(self, look: Callable[[], T | None], what: str) -> T:
        deadline = time.monotonic() + TIMEOUT
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise DemoError(f"{what} did not come within {TIMEOUT:.0f} s")
            time.sleep(0.2)

    def _ask(self, path: str, form: Mapping[str, Any] | None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._get(f"{self._portal}{path}", headers, form)

    def _get(
        self, url: str, headers: Mapping[str, str], form: Mapping[str, Any] | None = None
    ) -> Any:
        body = None if form is None else json.dumps(form).encode()
        request = Request(  # noqa: S310 - the platform's own address
            url, body, {"Content-Type": "application/json", **headers}
        )
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            raise DemoError(f"{url} answers {error.code}: {error.read().decode()}") from error
        except URLError as error:
            raise DemoError(
                f"nothing answers at {url} ({error.reason}); start it with `make run`"
            ) from error

    def _link(self, reference: str) -> str:
        return f"{reference} ({self._portal}/cases/{reference})"
