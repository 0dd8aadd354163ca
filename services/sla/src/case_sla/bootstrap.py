"""sla, wired."""

from case_definition.lookup.reference import Reference
from case_events.runtime.host import Host, Parts, serve

from case_sla.application.react import service
from case_sla.application.state import SlaState
from case_sla.config import Config


async def build(host: Host[SlaState, Reference, Config]) -> Parts:
    """Everything that sla does, its reaction does."""
    return Parts()


def main() -> None:
    """Run until a signal stops the process."""
    serve(service(), Reference(), Config(), build)  # type: ignore[call-arg]
