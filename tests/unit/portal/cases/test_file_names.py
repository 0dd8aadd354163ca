"""Files of a case are saved under the names that people gave them."""

import asyncio
import html
import re

from msgspec.structs import replace

from tests.unit.portal.portal_desk import MemoryCases, browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, reference_data, sample_history

HERE = f"/cases/{REFERENCE}"


def test_files_with_equal_bytes_are_saved_under_their_own_names() -> None:
    """Issue 13.10: the page and the API link each by its name."""
    cases = MemoryCases(reference_data(), sample_history())
    portal = portal_of_desk(cases=cases)
    (key,) = asyncio.run(portal.files.put("here", b"same"))
    public = next(file for one in cases.history_entries for file in one.files if not file.internal)
    two = tuple(replace(public, sha256=key, name=name) for name in ("a.txt", 'één & "b".txt'))
    cases.history_entries = [
        replace(entry, files=two if public in entry.files else ())
        for entry in cases.history_entries
    ]
    bob = browser("bob", portal)
    links = re.findall(rf'href="({HERE}/attachments/{key}[^"]*)"', bob.get(HERE).text)
    hrefs = [html.unescape(link) for link in links]
    api = bob.get(f"/api/v1{HERE}/history").json()["entries"]
    hrefs += [file["href"] for entry in api for file in entry["files"]]
    saved = [bob.get(href).headers["content-disposition"].partition("UTF-8''")[2] for href in hrefs]
    assert saved == ["a.txt", "%C3%A9%C3%A9n%20%26%20%22b%22.txt"] * 2
    assert bob.get(f"{HERE}/attachments/{key}").content == b"same"
