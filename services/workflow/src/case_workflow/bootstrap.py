"""Workflow, wired."""

from case_definition.reference import Reference
from case_events.runtime.host import Host, Parts, serve

from case_workflow.adapters import MIGRATIONS
from case_workflow.application.react import SERVICE, Remembered
from case_workflow.config import Config
from case_workflow.entrypoints.api import history_api


async def build(host: Host[Remembered, Reference, Config]) -> Parts:
    """The history of every case, over HTTP, for the command line and auditors' tools."""
    return Parts(
        app=history_api(host.pool, host.codec, host.reference, host.settings.secret_bytes())
    )


def main() -> None:
    """Run until told to stop."""
    serve(SERVICE, Reference(), Config(), build, MIGRATIONS)  # type: ignore[call-arg]
