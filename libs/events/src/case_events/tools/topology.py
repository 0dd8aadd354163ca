"""The picture of who writes and reads which topic, as a Mermaid flowchart made of the catalogue."""

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
    """The picture, as a fenced block of Markdown: services, topics as cylinders, and the world.

    Topics that only the command line writes, and every service reads, are one cylinder, drawn with
    dotted lines.
    """
    reference = [topic for topic in TOPICS if topic.read_by == SERVICES]
    lines = [_line(topic) for topic in TOPICS if topic not in reference]
    names = " · ".join(topic.name for topic in reference)
    lines.append(f"command([casefold]) -.-> reference[({names})] -.-> {' & '.join(SERVICES)}")
    return _HEAD + "".join(f"    {line}\n" for line in lines) + "```\n"


def with_topology(page: str) -> str:
    """A page with the picture of today in place of the one that it holds.

    Raises ValueError where the page holds none.
    """
    if not _BLOCK.search(page):
        raise ValueError("holds no picture that `casefold contracts topology` has made")
    return _BLOCK.sub(lambda _: topology(), page)


def _line(topic: Topic) -> str:
    writers = " & ".join(_NODES.get(who, who) for who in topic.written_by)
    return f"{writers} --> topic_{topic.name}[({topic.name})] --> {' & '.join(topic.read_by)}"
