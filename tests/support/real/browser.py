"""A real browser on the running platform. Needs Chromium: on Debian and Ubuntu, `apt-get install
chromium`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.real.platform import RunningPlatform

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IN_A_BROWSER = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
"""The marks of tests in a browser."""


@contextmanager
def logged_in(platform: RunningPlatform, who: tuple[str, str]) -> Iterator[Page]:
    """A page of a browser in which somebody logged in, by user name and password; what it
    complains of fails the test."""
    complaints: list[str] = []
    with sync_playwright() as playwright, TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=QUIET
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(platform.url("portal", "/"))
        page.fill("input[name=user]", who[0])
        page.fill("input[name=password]", who[1])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(platform.url("portal", "/"))
        yield page
        context.close()
    assert complaints == []
