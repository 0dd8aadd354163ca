"""Connects the parts of sla."""

from case_definition.lookup.reference import Reference
from case_events.runtime.host import Host, ServiceComponents, serve

from case_sla.application.react import service
from case_sla.application.state import SlaState
from case_sla.config import Config


async def build(host: Host[SlaState, Reference, Config]) -> ServiceComponents:
    """No components: the reaction of sla does all of its work."""
    return ServiceComponents()


def main() -> None:
    """Run sla until a signal stops the process."""
    serve(service(), Reference(), Config(), build)  # type: ignore[call-arg]
