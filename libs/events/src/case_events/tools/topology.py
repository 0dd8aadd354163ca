"""The diagram of topics with their writers and readers, as a Mermaid flowchart of the catalogue."""

import re
from typing import Final

from case_events.contracts.catalogue import INTEGRATION, SERVICES, TOPICS, Topic

_HEAD: Final = """\
```mermaid
%% Made from the catalogue of topics by `casefold contracts topology`; do not edit it here.
flowchart LR
    world([mail · forms · API]) --> intake
    people([contacts · agents · auditors]) <--> portal
    notify --> out([mail · webhooks])
"""
_BLOCK: Final = re.compile(r"```mermaid\n%% Made from the catalogue of topics.*?```\n", re.DOTALL)
_NODES: Final = {INTEGRATION: "others([services of others])"}


def topology() -> str:
    """Return the diagram, as a fenced block of Markdown.

    Services are nodes, and topics are cylinders. The topics that only the command line writes, and
    every service reads, form one cylinder with dotted lines.
    """
    reference = [topic for topic in TOPICS if topic.read_by == SERVICES]
    lines = [_line(topic) for topic in TOPICS if topic not in reference]
    names = " · ".join(topic.name for topic in reference)
    lines.append(f"command([casefold]) -.-> reference[({names})] -.-> {' & '.join(SERVICES)}")
    return _HEAD + "".join(f"    {line}\n" for line in lines) + "```\n"


def with_topology(page: str) -> str:
    """Return a page with its diagram replaced by the current one.

    Raises `ValueError` if the page has no diagram.
    """
    if not _BLOCK.search(page):
        raise ValueError("holds no picture that `casefold contracts topology` has made")
    return _BLOCK.sub(lambda _: topology(), page)


def _line(topic: Topic) -> str:
    writers = " & ".join(_NODES.get(who, who) for who in topic.written_by)
    return f"{writers} --> topic_{topic.name}[({topic.name})] --> {' & '.join(topic.read_by)}"
