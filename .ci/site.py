"""What `make docs` changes on its pages: links to code, which the site does not hold, become text."""

import re

_CODE = re.compile(r"\[(`[^`]+`)\]\(\.\./((?:libs|services|deploy)/[^)]+\.py)\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for every page."""
    return _CODE.sub(r"\1 (\2)", markdown)
