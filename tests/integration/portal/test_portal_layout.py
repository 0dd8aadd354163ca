"""The desk's pages as a browser lays them out: nothing is cut off.

Needs Chromium: on Debian and Ubuntu, `apt-get install chromium`.
"""

import shutil
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import uvicorn
from case_portal.app import make_app
from case_portal.core.principal import Scope
from case_portal.read_model.ports import Listing, Page
from case_portal.read_model.view import ClockView, FoundCase
from case_portal.web.site import COOKIE
from msgspec.structs import replace
from playwright.sync_api import Browser, sync_playwright

from tests.unit.portal.portal_desk import MemoryCases, portal_of_desk
from tests.unit.portal.portal_sample import CASE, NOW, reference_data, sample_history
from tests.unit.portal.refusals.test_refusals import comment, mail

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]

TITLES = (
    "Invoice 2026-118 shows the wrong address of our warehouse in Zwolle",
    "Cannot log in after the update",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
)
CLOCKS = (
    ClockView(target="resolution", state="breached", due=NOW - timedelta(days=2)),
    ClockView(target="resolution", state="warned", due=NOW + timedelta(minutes=90)),
    ClockView(target="resolution", state="running", due=NOW + timedelta(days=1)),
)


class ManyCases(MemoryCases):
    """A list in which every column is filled."""

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        shown = [
            FoundCase(
                CASE,
                replace(self.view, title=title, clocks={"resolution": clock}, status=status),
            )
            for title, clock, status in zip(
                TITLES, CLOCKS, ("need_input", "open", "resolved"), strict=True
            )
        ]
        return Page(shown, more=True)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The portal over ports in memory, on a port of this machine."""
    cases = ManyCases(reference_data(), sample_history())
    portal = portal_of_desk(cases=cases, refused=(mail("a" * 64), comment()))
    server = uvicorn.Server(uvicorn.Config(make_app(portal), log_level="warning"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        serving = threading.Thread(target=server.run, args=([listening],))
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        serving.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [390, 1200, 1600])
@pytest.mark.parametrize("who", ["amy", "dirk"])
@pytest.mark.parametrize("path", ["/cases", "/cases?view=all", "/refused"])
def test_nothing_of_the_desks_lists_is_cut_off(
    address: str, browser: Browser, path: str, who: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": who, "url": address}])
    page = context.new_page()
    page.goto(address + path)
    over = page.evaluate(
        "[...document.querySelectorAll('html, .scroll')]"
        ".map(part => part.scrollWidth - part.clientWidth)"
    )
    context.close()
    assert max(over) <= 0
