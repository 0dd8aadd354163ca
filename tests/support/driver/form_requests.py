"""Requests to intake's API for a new case, and its answers."""

from typing import Any

import httpx

from tests.support.desk.values import Answer, Form


def request_for(form: Form) -> dict[str, Any]:
    """The body of a form, as httpx takes it: JSON, or a form in which every value is text."""
    fields = {"type": form.case_type} | ({"contact": form.contact} if form.contact else {})
    named = {
        "channel": form.channel,
        "menu": form.menu,
        "received_at": form.received_at.isoformat() if form.received_at else "",
        "contact_name": form.contact_name,
        "language": form.language,
    }
    fields |= {name: value for name, value in named.items() if value}
    if not form.files:
        return {"json": fields | {"fields": dict(form.values)}}
    values = {f"fields.{name}": _text(value) for name, value in form.values.items()}
    files = [("attachments", (file.name, file.data, file.type)) for file in form.files]
    return {"data": fields | values, "files": files}


def key_of(form: Form) -> dict[str, str]:
    """The header that makes a form one case; empty without a key."""
    return {"Idempotency-Key": form.key} if form.key else {}


def made_of(response: httpx.Response) -> str | list[Answer]:
    """The reference of the new case, or all mistakes of the form."""
    if response.is_success:
        return str(response.json()["reference"])
    return [
        Answer(status="refused", field=one["field"], rule=one["rule"], reason=one["detail"])
        for one in response.json()["errors"]
    ]


def _text(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value
