"""The log stays open: the stock `eventsourcing` library reads it (issue 3, point 11)."""

from urllib.parse import urlsplit

import pytest
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresTrackingRecorder,
)

from tests.support.faults.history_counts import count, read_histories
from tests.support.faults.mail_counts import Senders, conversations
from tests.support.real.platform import RunningPlatform
from tests.support.wire import codec


@pytest.mark.real
def test_the_stock_recorders_read_workflows_log_and_positions(platform: RunningPlatform) -> None:
    with Senders(platform.ports["smtp"], conversations(5, 2, "for the library")) as senders:
        senders.send_all()
    count(platform, senders.mails)
    histories = read_histories(platform, senders.mails)
    with datastore(platform) as store:
        recorder = PostgresApplicationRecorder(store, events_table_name="stored_events")
        for case, history in histories.items():
            stored = recorder.select_events(case)
            assert [(event.originator_version, event.topic, event.state) for event in stored] == [
                (event.record.version, event.record.type, event.value) for event in history
            ]
            assert codec.decode(stored[0].state).case == stored[0].originator_id
        ids = [one.id for one in recorder.select_notifications(start=1, limit=1_000_000)]
        assert ids == sorted(set(ids))
        assert recorder.max_notification_id() == ids[-1]
        assert len(ids) >= sum(map(len, histories.values()))
        tracking = PostgresTrackingRecorder(store, tracking_table_name="tracking")
        had = platform.query("workflow", "SELECT application_name, notification_id FROM tracking")
        assert had
        for name, sequence in had:
            assert tracking.max_tracking_id(name) == sequence
            assert tracking.has_tracking_id(name, sequence)
            assert not tracking.has_tracking_id(name, sequence + 1)
    print(f"{len(ids)} events, {len(histories)} cases, {len(had)} positions read by the library")


def datastore(platform: RunningPlatform) -> PostgresDatastore:
    """Workflow's database, as the library connects to it."""
    url = urlsplit(platform.database("workflow"))
    return PostgresDatastore(
        dbname=url.path.strip("/"),
        host=url.hostname or "",
        port=url.port or 0,
        user=url.username or "",
        password=url.password or "",
        schema="public",
    )
