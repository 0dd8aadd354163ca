"""Connects the parts of workflow."""

import asyncio
from contextlib import closing

from case_definition.lookup.reference import Reference
from case_events.runtime.host import Host, ServiceComponents, serve

from case_workflow.adapters import MIGRATIONS
from case_workflow.adapters.history import HistoryReader
from case_workflow.adapters.log_datastore import LogDatastore
from case_workflow.application.react import SERVICE, WorkflowState
from case_workflow.config import Config
from case_workflow.entrypoints.api import history_api


async def build(host: Host[WorkflowState, Reference, Config]) -> ServiceComponents:
    """The history of every case, over HTTP, for the command line and auditors' tools."""
    datastore = LogDatastore(host.settings.database_url)

    async def close_at_the_end() -> None:
        with closing(datastore):
            await asyncio.Event().wait()

    history = HistoryReader(host.pool, datastore, host.codec)
    app = history_api(history, host.reference, host.keyring)
    return ServiceComponents(app=app, tasks=(close_at_the_end,))


def main() -> None:
    """Run workflow until a signal stops the process."""
    serve(SERVICE, Reference(), Config(), build, MIGRATIONS)  # type: ignore[call-arg]
