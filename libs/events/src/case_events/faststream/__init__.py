"""For integrations: services of others, written with FastStream, on the topics of this platform.

`connect` makes a broker that decodes records to typed events. `is_event` filters by the class of
the event, and `pass_others` ends a subscriber. `CommandPublisher` publishes commands for cases.
`case_events.faststream.docs` shows the document of the platform on FastStream's AsyncAPI page.
"""

from case_events.faststream.broker import connect, is_event, pass_others
from case_events.faststream.commands import CommandPublisher
from case_events.faststream.settings import IntegrationSettings

__all__ = ["CommandPublisher", "IntegrationSettings", "connect", "is_event", "pass_others"]
