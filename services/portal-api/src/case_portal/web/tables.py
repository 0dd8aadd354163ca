"""Tables as CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fastapi import Request
from starlette.responses import Response

CSV = "text/csv; charset=utf-8"
RISKY = ("=", "+", "-", "@", "\t", "\r")
AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "JSON, or CSV where that is asked for."}
}


def wants_csv(request: Request, asked: str) -> bool:
    """Whether the request asks for CSV, by its parameter or by its Accept header."""
    accepted = request.headers.get("accept", "")
    return asked == "csv" or accepted.split(",")[0].strip().startswith("text/csv")


def csv_of(names: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """A table as CSV (RFC 4180). A cell that a spreadsheet would take for a formula is quoted."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return Response(written.getvalue(), media_type=CSV)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return "" if value is None else value
