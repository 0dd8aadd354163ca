"""What the portal stored under an earlier version of an event is read as today's."""

import msgspec
from case_events.wire.codec import read_data
from case_portal.read_model.history import read_entry

from tests.unit.portal.portal_sample import record
from tests.unit.portal.read_model.test_projection import after, deadline, follow, rows


def test_a_stored_entry_is_read_through_the_upcasters() -> None:
    """An entry keeps the type name that it was written under: another version than today's, too."""
    moved = deadline(reason="status_changed")
    document = msgspec.json.decode(rows(follow(after(), record(moved, 2)))["entry:00000002"])
    assert document["ce_type"] == "nl.casefold.sla.deadline-set.v2"
    entry = read_entry(document)
    assert (entry.type, entry.what["reason"]) == ("deadline_set", "status_changed")
    old = document | {
        "ce_type": "nl.casefold.sla.deadline-set.v1",
        "what": document["what"] | {"reason": "StatusChanged"},
    }
    assert read_entry(old) == entry
    assert read_data(old["ce_type"], old["what"]) == moved
