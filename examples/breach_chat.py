"""Posts every missed target to a chat: a FastStream service on the platform's topics.

CASEFOLD_KAFKA=127.0.0.1:19092 CASEFOLD_INTEGRATION=breach-chat CHAT_WEBHOOK=https://… \
    .venv/bin/uvicorn examples.breach_chat:app
"""

import asyncio
import os

import httpx
from case_events.contracts.sla import TargetBreached
from case_events.envelope import Record
from case_events.faststream import IntegrationSettings, connect, is_event, pass_others
from case_events.faststream.docs import PlatformSpecification, asyncapi_page
from case_events.topics import CASES
from faststream.asgi import AsgiFastStream

settings = IntegrationSettings.from_environment()
broker = connect(settings)
about = PlatformSpecification("Breach chat")
app = AsgiFastStream(broker, specification=about, asgi_routes=asyncapi_page(about))
cases = broker.subscriber(CASES, group_id=settings.integration)


@cases(filter=is_event(TargetBreached))
async def post(record: Record) -> None:
    """Post one breach. After a failure the record comes again; later records wait for it."""
    breach = record.data
    assert isinstance(breach, TargetBreached)
    text = f"{record.tenant}: {breach.target} of case {record.case} was due {breach.due_at:%c} UTC"
    async with httpx.AsyncClient() as chat:
        answer = await chat.post(os.environ["CHAT_WEBHOOK"], json={"text": text})
    if answer.is_server_error:
        await asyncio.sleep(5)
        answer.raise_for_status()


pass_others(cases)
