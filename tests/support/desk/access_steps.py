"""The steps by which contacts get access to the portal, for any tenant."""

from tests.support.desk.mails import Letter
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.desk.visitors import Visitor, code_in

PASSWORD = "a long enough password"
ANOTHER = "another long password"
NOBODY_KNOWN = "somebody@nowhere.example"


def plus_access(address: str) -> str:
    """The address of a desk to which requests for access are sent."""
    return address.replace("@", "+access@")


def invited(desk: Desk, by: Person, contact: Person) -> str:
    """The personal code in the mail to an invited contact."""
    assert desk.driver.invite(by, contact.id).status == "done"
    return code_in(desk.mails_to(contact, "invitation")[-1].text)


def comes_in(desk: Desk, by: Person, contact: Person, user: str) -> Visitor:
    """A contact who is invited, redeems the code, confirms the address, chooses a user name, and
    then has an account."""
    visitor = desk.driver.visitor()
    assert visitor.redeems(invited(desk, by, contact)).status == "done"
    second = desk.mails_to(contact, "confirm_address")[-1]
    assert visitor.confirms(code_in(second.text)).status == "done"
    assert visitor.logs_in(user, PASSWORD).status == "refused"
    assert visitor.chooses(user, PASSWORD).status == "done"
    assert visitor.logs_in(user, PASSWORD).status == "done"
    return visitor


def answered_with_a_link(desk: Desk, contact: Person, subject: str = "", to: str = "") -> Letter:
    """A contact who asks for access by mail, which makes no case, and the answer."""
    arrival = desk.mail_from(contact, subject, "Please.", to=to)
    assert (arrival.taken, arrival.has_case) == (True, False)
    letter = desk.mails_to(contact, "access_link")[-1]
    assert letter.references == [arrival.message_id]
    assert letter.header("Auto-Submitted") == "auto-replied"
    assert f"/access/reset?code={code_in(letter.text)}" in letter.text
    return letter


def comes_in_by_mail(desk: Desk, contact: Person, to: str) -> Visitor:
    """A contact who asks for access by mail, follows the link, and then has an account."""
    letter = answered_with_a_link(desk, contact, "May I have a log-in?", to)
    assert contact.address in letter.text
    visitor = desk.driver.visitor()
    assert visitor.sets(code_in(letter.text), PASSWORD).status == "done"
    assert visitor.logs_in(contact.address, PASSWORD).status == "done"
    assert visitor.sets(code_in(letter.text), ANOTHER).status == "refused"
    return visitor


def resets(desk: Desk, visitor: Visitor, contact: Person, user: str) -> None:
    """A person with an account who forgot their password: the link in the mail works once, the old
    password no longer works, and a mail tells them that it was changed."""
    assert visitor.forgets(user).status == "done"
    link = code_in(desk.mails_to(contact, "password_reset")[-1].text)
    assert visitor.sets(link, ANOTHER).status == "done"
    assert visitor.sets(link, "yet another password").status == "refused"
    assert visitor.logs_in(user, PASSWORD).status == "refused"
    assert visitor.logs_in(user, ANOTHER).status == "done"
    letter = desk.mails_to(contact, "password_changed")[-1]
    assert user.lower() in letter.text
    assert "/access/forgot" in letter.text


def gets_no_mail(desk: Desk, visitor: Visitor, user: str) -> None:
    """A person who tries user names: an unknown name gets the same answer as a known one, and no
    mail is sent."""
    assert visitor.forgets(user) == visitor.forgets(NOBODY_KNOWN)
    assert desk.mails_to(NOBODY_KNOWN) == []
    assert visitor.logs_in(user, "wrong") == visitor.logs_in("nobody", "wrong")
