"""Issues codes by mail, and checks the codes that people return."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.access import lifetime
from case_definition.schema.model import LengthText
from case_events.envelope import SYSTEM, Actor
from case_events.keyring import Keyring
from msgspec import Struct

from case_portal.access.codes import Code, digests_of, read_code, spelled
from case_portal.access.directory import Somebody, somebody
from case_portal.access.ports import AccountTransaction, KeptCode, Purpose, SecretSource
from case_portal.access.problems import WRONG_CODE
from case_portal.core.problem import Problem
from case_portal.core.zones import zone_of
from case_portal.mail.ports import Letter


class ValidCode(Struct, frozen=True):
    """A code that is valid, and the person to whom it was issued."""

    code: KeptCode
    who: Somebody
    definition: Definition


class CodeRequest(Struct, frozen=True, kw_only=True):
    """A code to issue by mail.

    `path` is the page of the link. With `typed`, the mail shows the code for people to type, and
    the link does not contain it. `user` is the user name, if it is known already.
    """

    purpose: Purpose
    template: str
    path: str
    holds: LengthText
    typed: bool = False
    user: str = ""
    by: Actor = SYSTEM
    cause: str = ""
    in_reply_to: str = ""


@dataclass(frozen=True, kw_only=True)
class CodeIssuer:
    """Issues codes by mail and checks returned codes. `pages` is the URL of the portal."""

    secret_source: SecretSource
    reference: Reference
    secret: Keyring
    pages: str

    async def give(
        self,
        transaction: AccountTransaction,
        who: Somebody,
        definition: Definition,
        request: CodeRequest,
    ) -> datetime:
        """Make a code and mail it. Returns the time at which the code expires."""
        expires_at = transaction.now + lifetime(request.holds)
        code = await self.new_code(transaction, who, request.purpose, expires_at, request.cause)
        link = f"{self.pages.rstrip('/')}{request.path}"
        secrets = (
            {"link": link, "code": code}
            if request.typed
            else {"link": f"{link}?code={quote(code)}"}
        )
        until = expires_at.astimezone(zone_of(definition))
        letter = Letter(
            key=f"{request.template}/{code_name(code)}",
            template=request.template,
            language=definition.language(who.language),
            to=who.person,
            values={"until": f"{until:%d-%m-%Y %H:%M}"}
            | ({"user": request.user} if request.user else {}),
            secrets=secrets,
            in_reply_to=request.in_reply_to,
        )
        transaction.send(who.tenant, letter, request.by, definition.key)
        return expires_at

    async def new_code(
        self,
        transaction: AccountTransaction,
        who: Somebody,
        purpose: Purpose,
        expires_at: datetime,
        cause: str = "",
    ) -> str:
        """Make a code and store its digest. Returns the code."""
        text = spelled(self.secret_source.entropy())
        code = read_code(text)
        assert code is not None, "a code reads as it is spelled"
        await transaction.keep_code(
            KeptCode(
                name=code.name,
                digest=digests_of(self.secret, code)[0],
                purpose=purpose,
                tenant=who.tenant,
                kind=who.kind,
                person=who.id,
                expires_at=expires_at,
                cause=cause,
            )
        )
        return text

    async def entitled(
        self, transaction: AccountTransaction, text: str, purpose: Purpose
    ) -> ValidCode | Problem:
        """The person of a code that is valid for this purpose, if the directory has that person as
        active."""
        code = read_code(text)
        kept = await self._kept(transaction, code) if code else None
        if kept is None:
            return WRONG_CODE
        who = somebody(self.reference, kept.tenant, kept.kind, kept.person)
        definition = self.reference.newest(kept.tenant)
        if kept.purpose != purpose or who is None or definition is None:
            return WRONG_CODE
        return ValidCode(kept, who, definition)

    async def _kept(self, transaction: AccountTransaction, code: Code) -> KeptCode | None:
        for digest in digests_of(self.secret, code):
            kept = await transaction.code(code.name, digest)
            if kept is not None:
                return kept
        return None


def code_name(text: str) -> str:
    """The name of a code, by which attempts are counted; empty for a text that is no code."""
    code = read_code(text)
    return code.name if code else ""
