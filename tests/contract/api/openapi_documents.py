"""The OpenAPI documents of the services that have an API.

`python -m tests.contract.api.openapi_documents` writes them to docs/, from the root.
"""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from case_intake.config import MEBIBYTE
from case_intake.entrypoints.api import create_app
from case_portal.app import make_app

DOCS = Path(__file__).parents[3] / "docs"
NO_PORTS = cast(Any, SimpleNamespace(max_upload=25 * MEBIBYTE, loaded=bool))
"""A document says what an app answers, for which it needs nothing to answer with."""


def documents() -> dict[str, str]:
    """Name of the file to its text, as committed."""
    apps = {
        "openapi-intake.json": create_app(NO_PORTS, NO_PORTS, 25 * MEBIBYTE),
        "openapi-portal.json": make_app(NO_PORTS),
    }
    return {
        name: json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
        for name, app in apps.items()
    }


if __name__ == "__main__":
    for name, text in documents().items():
        (DOCS / name).write_text(text)
