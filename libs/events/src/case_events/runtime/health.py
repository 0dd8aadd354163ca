"""Health and metrics of a process: whether it is alive, whether it is ready, and how far it
lags."""

from typing import LiteralString

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.ownership import Ownership
from case_events.runtime.kafka import KafkaInbox, ReferenceFeed
from case_events.runtime.ports import Unavailable
from case_events.runtime.postgres.errors import Pool, connection
from case_events.runtime.postgres.statements import load_statements

STUCK_AFTER = 60.0

STATEMENTS = load_statements("case_events.runtime.postgres", "health")


def health_routes(
    gauges: Metrics,
    partitions: OwnedPartitions,
    ownership: Ownership,
    inbox: KafkaInbox,
    feed: ReferenceFeed,
    pool: Pool,
) -> list[BaseRoute]:
    """Return the routes `/health/live`, `/health/ready` and `/metrics`."""

    async def live(_: Request) -> Response:
        still = gauges.seconds_since_turn()
        state = {"live": still < STUCK_AFTER, "seconds_since_turn": round(still, 1)}
        return JSONResponse(state, status_code=200 if state["live"] else 503)

    async def ready(_: Request) -> Response:
        state = {
            "reference_data": feed.ready.is_set(),
            "joined": ownership.joined,
            "partitions": partitions.owned(),
        }
        good = state["reference_data"] and state["joined"]
        return JSONResponse(state, status_code=200 if good else 503)

    async def metrics(_: Request) -> Response:
        gauges.parked_cases.set(len(partitions.parked))
        for topic, lag in inbox.lag(partitions.offsets()).items():
            gauges.consumer_lag.labels(topic).set(lag)
        await _measure(gauges, pool)
        return Response(generate_latest(gauges.registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
    ]


async def _measure(gauges: Metrics, pool: Pool) -> None:
    """Set the metrics that only the database knows. They have no value while it is unreachable."""
    try:
        gauges.oldest_unpublished.set(await _number(pool, STATEMENTS["oldest_unpublished"]))
        gauges.timers_due.set(await _number(pool, STATEMENTS["timers_due"]))
    except Unavailable:
        gauges.oldest_unpublished.set(float("nan"))
        gauges.timers_due.set(float("nan"))


async def _number(pool: Pool, query: LiteralString) -> float:
    async with connection(pool) as db:
        row = await (await db.execute(query)).fetchone()
        return float(row[0]) if row else 0.0
