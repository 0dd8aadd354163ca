"""The page on which a contact creates a case, in a browser without JavaScript."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from lxml import html  # type: ignore[import-untyped]
from msgspec import Struct

from tests.support.desk.browsers import Client
from tests.support.desk.values import File

PAGE = "/cases/new"
FIELD = "field."


class SentForm(Struct, frozen=True, kw_only=True):
    """The result of a form: a case; or the problems by field, with the values that the page still
    has; or the place at which to look for the result. `status` is that of HTTP."""

    status: int
    reference: str = ""
    problems: dict[str, str] = {}
    typed: dict[str, str] = {}
    waits_at: str = ""


class NewCasePage:
    """A form that was issued. It can be sent more than once, and is still one case. If it comes
    back refused, this is the returned form, with a key of its own. Every method that asks the
    portal raises `httpx.HTTPError` where it cannot be asked."""

    def __init__(self, browser: Client, settle: Callable[[], None], case_type: str) -> None:
        self._browser, self._settle = browser, settle
        opened = browser.request("GET", PAGE, params={"case_type": case_type})
        self._form = _form_in(opened.raise_for_status())
        self._files: tuple[File, ...] = ()

    @property
    def key(self) -> str:
        """The key that makes it one case."""
        return str(self._form.fields["key"])

    @key.setter
    def key(self, key: str) -> None:
        self._form.fields["key"] = key

    def fills_in(self, values: Mapping[str, str | bool], files: Sequence[File] = ()) -> None:
        """Fill in fields of the page. Raises for an option that the page does not offer."""
        for name, value in values.items():
            field = self._form.inputs[FIELD + name]
            if isinstance(value, bool):
                field.checked = value
            else:
                field.value = value
        self._files = tuple(files)

    def sends(self) -> SentForm:
        """Send the form as it is filled in."""
        parts: list[tuple[str, Any]] = [
            (name, (None, value)) for name, value in self._form.form_values()
        ]
        parts += [("files", (file.name, file.data, file.type)) for file in self._files]
        return self._read(self._browser.request("POST", self._form.action, files=parts))

    def looks(self, place: str) -> SentForm:
        """Look for the result of a form that was sent."""
        return self._read(self._browser.request("GET", place))

    def _read(self, page: httpx.Response) -> SentForm:
        self._settle()
        place = page.headers.get("location", "")
        if page.status_code == httpx.codes.SEE_OTHER:
            case = re.match(r"/cases/([^/?]+)\?", place)  # anywhere else, it made no case
            return SentForm(status=303, reference=case.group(1) if case else "")
        if page.status_code == httpx.codes.ACCEPTED:
            return SentForm(status=202, waits_at=place)
        if page.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
            return SentForm(status=page.status_code)
        self._form = _form_in(page)
        typed = dict(self._form.form_values())
        return SentForm(
            status=422,
            problems=_problems_on(self._form),
            typed={
                name.removeprefix(FIELD): value
                for name, value in typed.items()
                if name.startswith(FIELD) and value
            },
        )


def _form_in(page: httpx.Response) -> Any:
    (form,) = [one for one in html.fromstring(page.text).forms if one.action == PAGE]
    return form


def _problems_on(form: Any) -> dict[str, str]:
    """The problems on the page, by field."""
    found = {}
    for field in form.find_class("wrong"):
        (asked,) = {one.name for one in field.xpath(".//input | .//select | .//textarea")}
        (sentence,) = field.find_class("problem")
        found[asked.removeprefix(FIELD)] = sentence.text_content().strip()
    return found
