"""Instants and spans as whole microseconds, and their text forms.

An instant is the number of microseconds since 1970-01-01T00:00:00Z. A span is a number of
microseconds. Both are plain integers, so there is no rounding and no wall clock.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
EARLIEST_YEAR, LATEST_YEAR = 1900, 2299
EARLIEST = (datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
LATEST = (datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
_MOST_SECONDS = (LATEST - EARLIEST) // SECOND

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2}(:\d{2})?)",
    re.ASCII,
)


def instant_of(moment: datetime) -> int:
    """The instant of an aware datetime, in microseconds since 1970 in UTC.

    Raises ValueError for a datetime without an offset.
    """
    if moment.utcoffset() is None:
        raise ValueError("an instant needs an offset")
    return (moment - EPOCH) // timedelta(microseconds=1)


def utc(instant: int) -> datetime:
    """An instant as a datetime in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def parse_instant(text: object) -> int:
    """Parse ISO 8601 with an offset, up to microseconds. Raises ValueError with the rule."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise ValueError(
            "an instant is ISO 8601 with an offset, at most six decimals, "
            "for instance 2026-03-02T16:00:00+01:00"
        )
    try:
        instant = instant_of(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such instant: {error}") from None
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"an instant lies in the years {EARLIEST_YEAR} to {LATEST_YEAR}")
    return instant


def parse_seconds(number: object) -> int:
    """Convert a number of seconds (int or Decimal) to a span, exactly.

    Raises ValueError with the rule: a number, not negative, whole microseconds.
    """
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise ValueError("seconds are a number")  # noqa: TRY004 - the caller shows the rule
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("seconds are a finite number")
    if number < 0:
        raise ValueError("seconds are not negative")
    if number > _MOST_SECONDS:
        raise ValueError(f"seconds are at most {_MOST_SECONDS}")
    if isinstance(number, int):
        return number * SECOND
    span = int(number.scaleb(6))
    if Decimal(span).scaleb(-6) != number:
        raise ValueError("seconds have at most six decimals")
    return span


def seconds(span: int) -> int | float:
    """A span in seconds for JSON: a whole number if it is one."""
    whole, rest = divmod(span, SECOND)
    return float(Decimal(span).scaleb(-6)) if rest else whole
