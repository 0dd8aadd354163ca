"""C1, C15: what is too large is refused while it comes in, and says so."""

import smtplib

import httpx
import pytest

from tests.acceptance.dtnext.people import ADDRESS, ANOUK
from tests.support.desk.scenario import Desk
from tests.support.driver.real import RealDriver
from tests.support.real.platform import RunningPlatform

pytestmark = [pytest.mark.acceptance, pytest.mark.real]

MEBIBYTE = 1024 * 1024


def test_a_mail_that_is_too_large_is_refused_with_552(
    running_platform: RunningPlatform, real_desk: Desk
) -> None:
    """C1: by its announced size, and by what really comes."""
    body = b"x" * 70 + b"\r\n"
    raw = b"Subject: large\r\n\r\n" + body * (26 * MEBIBYTE // len(body))
    assert real_desk.mail(raw, ANOUK.address).delivery.code == 552
    with smtplib.SMTP("127.0.0.1", running_platform.ports["smtp"], timeout=60) as smtp:
        smtp.ehlo()
        smtp.mail(ANOUK.address)
        smtp.rcpt(ADDRESS)
        assert smtp.data(raw)[0] == 552


def test_a_form_that_is_too_large_is_refused_with_413(
    running_driver: RealDriver, real_desk: Desk
) -> None:
    """C15: with problem details, at either door."""
    content = b"x" * (26 * MEBIBYTE)
    case = real_desk.mail_from(ANOUK).case
    platform = running_driver.platform
    for url, headers in (
        (platform.url("intake", "/api/v1/cases"), running_driver.pass_of(ANOUK)),
        (
            platform.url("portal", f"/api/v1/cases/{case.reference}/comments"),
            running_driver.session_of(ANOUK),
        ),
    ):
        headers["Content-Type"] = "application/json"
        response = httpx.post(url, content=content, headers=headers, timeout=60)
        assert response.status_code == 413
        assert response.headers["content-type"].startswith("application/problem+json")
