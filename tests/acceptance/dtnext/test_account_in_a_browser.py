"""One's own account and the security log, in a real browser on the running platform."""

import httpx
from playwright.sync_api import Page, expect

from tests.acceptance.dtnext.test_pages_in_a_browser import AGENT
from tests.support.real.browser import IN_A_BROWSER, logged_in
from tests.support.real.platform import RunningPlatform, eventually

OTHER_AGENT = ("youssef@dtnext.example", "probeer-het-youssef")
AUDITOR = ("hendrik@audit.example", "probeer-het-hendrik")

pytestmark = IN_A_BROWSER


def test_an_agent_looks_after_their_account_and_an_administrator_sees_it(
    running_platform: RunningPlatform,
) -> None:
    """D13: a token is made, used and revoked; another session is ended; both are in the
    security log, with the reading of an auditor."""
    api = httpx.Client(base_url=running_platform.url("portal", "/api/v1"))
    form = {"user": OTHER_AGENT[0], "password": OTHER_AGENT[1]}
    elsewhere = {"Authorization": f"Bearer {api.post('/session', json=form).json()['token']}"}
    with logged_in(running_platform, OTHER_AGENT) as page:
        page.get_by_role("link", name="Youssef El Amrani").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Uw account")
        expect(page.get_by_text("Deze browser")).to_have_count(1)
        page.get_by_text("Een token maken").first.click()
        page.fill("input[name=name]", "archief")
        page.locator("form[action='/account/tokens'] button").click()
        token = {"Authorization": f"Bearer {page.locator('.secret code').inner_text()}"}
        assert api.get("/cases", headers=token).status_code == 200
        assert api.post("/session/pass", headers=token).status_code == 403
        page.get_by_role("button", name="Intrekken").click()
        assert api.get("/cases", headers=token).status_code == 401
        assert api.get("/cases", headers=elsewhere).status_code == 200
        page.get_by_role("button", name="Overal elders uitloggen").click()
        expect(page.get_by_role("status")).to_contain_text("beëindigd")
        assert api.get("/cases", headers=elsewhere).status_code == 401
        page.fill("input[name=old]", "not the password")
        for name in ("password", "again"):
            page.fill(f"input[name={name}]", "vier woorden van een ander")
        page.get_by_role("button", name="Wachtwoord wijzigen").click()
        expect(page.get_by_role("alert")).to_have_text("Dit is niet uw huidige wachtwoord.")
    with logged_in(running_platform, AUDITOR) as page:
        page.goto(running_platform.url("portal", "/cases"))
    with logged_in(running_platform, AGENT) as page:
        eventually(lambda: _tells(page, running_platform), 15, "the log has what happened")


def _tells(page: Page, platform: RunningPlatform) -> bool:
    page.goto(platform.url("portal", "/security"))
    shown = page.locator("main").inner_text()
    wanted = ("API-token gemaakt", "API-token ingetrokken", "Sessie beëindigd", "Ingelogd",
              "Youssef El Amrani", "archief", "GET /cases", "127.0.0.1")  # fmt: skip
    return all(text in shown for text in wanted)
