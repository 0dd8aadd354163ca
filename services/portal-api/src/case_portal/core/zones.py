"""The time zone of a tenant."""

from zoneinfo import ZoneInfo

from case_definition.lookup.definition import Definition


def zone_of(definition: Definition) -> ZoneInfo:
    """The time zone of a tenant: that of its first calendar."""
    for calendar in definition.document.calendars.values():
        return ZoneInfo(str(calendar.get("timezone", "UTC")))
    return ZoneInfo("UTC")
