"""In which zone a tenant's people read times."""

from zoneinfo import ZoneInfo

from case_definition.lookup.definition import Definition


def zone_of(definition: Definition) -> ZoneInfo:
    """The zone in which a tenant's clocks are read: that of its first calendar."""
    for calendar in definition.document.calendars.values():
        return ZoneInfo(str(calendar.get("timezone", "UTC")))
    return ZoneInfo("UTC")
