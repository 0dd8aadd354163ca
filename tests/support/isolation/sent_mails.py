"""Every sent mail: its recipient may know its content, of the tenant that sent it."""

from case_definition.schema.directory import Agent, Contact
from case_portal.core.principal import Account, Principal, principal_of

from tests.support.desk.mails import Letter
from tests.support.isolation.desks import World
from tests.support.isolation.secrets import Secret
from tests.support.isolation.twin_tenants import Twin


def leaks_by_mail(world: World) -> list[str]:
    """The content of mails that does not exist for their recipients."""
    leaks = []
    for sent in world.driver.sent():
        letter = Letter(sent)
        twin = next(twin for twin in world.pair if twin.mailbox == letter.sender)
        who = _reader(world, twin, sent.to)
        text = "\n".join([*map(str, letter.message.values()), *_parts(letter)])
        leaks += [
            f"{letter} from {twin.tenant} tells {secret}"
            for secret in world.secrets
            if secret.word in text and not _is_for(secret, who, twin, sent.to)
        ]
    return leaks


def _is_for(secret: Secret, who: Principal | None, twin: Twin, address: str) -> bool:
    is_theirs = (secret.address, secret.tenant) == (address, twin.tenant)
    return is_theirs or secret.is_for(who) or (who is None and secret.is_for(_nobody(twin)))


def _nobody(twin: Twin) -> Principal:
    """A person in no directory, who knows only the public name of a tenant."""
    return Principal(tenant=twin.tenant, kind="operator", id="", name="", language="en")


def _reader(world: World, twin: Twin, address: str) -> Principal | None:
    """The reader of an address: a contact; otherwise the desk, if it is one of its own
    addresses."""
    for person in twin.of_kind(Contact):
        if person.email == address:
            account = Account(tenant=twin.tenant, kind="contact", person=person.id, user=address)
            return principal_of(account, world.reference)
    definition = twin.documents.definition
    levels = [*definition.get("teams", ()), *definition.get("escalation", ())]
    desk = {level["address"]: "" for level in levels}
    desk |= {agent.email: agent.id for agent in twin.of_kind(Agent)}
    if address in desk:
        name = desk[address]
        return Principal(tenant=twin.tenant, kind="agent", id=name, name="", language="en")
    return None


def _parts(letter: Letter) -> list[str]:
    return [
        str(part.get_content()) for part in letter.message.walk() if not part.is_multipart()
    ] + [str(part.get_filename()) for part in letter.message.walk()]
