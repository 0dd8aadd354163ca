"""What `make docs` changes: links to code become text, since the site holds no code."""

import re

_CODE = re.compile(r"\[(`[^`]+`)\]\(\.\./((?:libs|services|deploy)/[^)]+\.py)\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for every page."""
    return _CODE.sub(r"\1 (\2)", markdown)
