"""One process of a service: settings, pools, consumer, web server, shutdown."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from random import SystemRandom
from typing import Generic, TypeVar

import structlog
import uvicorn
from msgspec import Struct
from pydantic import Field, SecretStr, field_validator
from starlette.applications import Starlette

from case_events.contracts.catalogue import signers
from case_events.kernel import M, R, Service
from case_events.keyring import BadKey, Keyring, keyring_of
from case_events.runtime.blobs import open_blobs
from case_events.runtime.clock import Ids
from case_events.runtime.effect_handlers import EffectHandler
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.runtime.engine.tracing import start_tracing
from case_events.runtime.health import health_routes
from case_events.runtime.kafka import KafkaInbox, KafkaPublisher, KafkaSettings, ReferenceFeed
from case_events.runtime.logs import start_logging
from case_events.runtime.operations import operation_routes
from case_events.runtime.outbox import Outbox
from case_events.runtime.ports import Blobs, Transactions, Tx
from case_events.runtime.postgres import PostgresLog, migrate
from case_events.runtime.postgres.errors import Pool
from case_events.runtime.postgres.logins import check_logins
from case_events.runtime.postgres.pools import open_pools
from case_events.runtime.reference import ReferenceReader
from case_events.wire.codec import Codec
from case_events.wire.keys import Keys, keys_of

logger = structlog.get_logger()


class Settings(KafkaSettings):
    """The settings of every service, from environment variables CASEFOLD_<NAME>."""

    database_url: str
    """The service's own database, with the login that owns it."""
    requests_database_url: str
    """The same database, with the login of requests."""
    statement_timeout: float = Field(default=20.0, gt=0)
    """Seconds after which a statement of a request is cancelled. The default is longer than a
    replica that stopped within a transaction holds its locks."""
    partitions: int = Field(default=48, gt=0)
    """The number of partitions of every topic keyed by case. It is the same for all services, and
    set once."""
    http_host: str = "127.0.0.1"
    http_port: int
    secret: SecretStr
    """Signs thread addresses, tokens and codes, and seals them on their way: at least 32 bytes in
    hexadecimal digits, or a JSON object of ids to such secrets. The first one is used, and all are
    accepted. It is the same for all services."""
    sealing_keys: dict[str, SecretStr]
    """Seal the personal part of every record: key id to hexadecimal digits, as JSON. The first key
    is used, and all are accepted. The keys are the same for all services."""
    signing_keys: dict[str, dict[str, SecretStr]]
    """Sign records: keys by service and key id, as JSON. They are the service's own keys, and those
    of every service that writes what it reads. The first key of each is used, and all are accepted.
    """
    blobs: str
    """A folder, or the URL of an object store."""
    session_timeout: float = Field(default=10.0, gt=0)
    """Seconds without a heartbeat after which Kafka gives the partitions of a replica to
    another."""

    @field_validator("secret")
    @classmethod
    def _is_a_keyring(cls, secret: SecretStr) -> SecretStr:
        keyring_of(secret.get_secret_value())
        return secret

    def keyring(self) -> Keyring:
        """Return the secret that all services share, with a key for each purpose."""
        return keyring_of(self.secret.get_secret_value())

    def keys(self) -> Keys:
        """Return the keys of the platform. Raises `BadKey`."""
        signing = {service: _shown(own) for service, own in self.signing_keys.items()}
        return keys_of(_shown(self.sealing_keys), signing)


def _shown(keys: Mapping[str, SecretStr]) -> dict[str, str]:
    return {key: text.get_secret_value() for key, text in keys.items()}


C = TypeVar("C", bound=Settings)


def freeze_gc() -> None:
    """Exclude all present objects from garbage collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class ServiceComponents(Struct, frozen=True, kw_only=True):
    """The parts that a service adds to the runtime: handlers of its effects by kind, its web app,
    and further tasks."""

    handlers: Mapping[str, EffectHandler] = {}
    app: Starlette | None = None
    tasks: Sequence[Callable[[], Awaitable[None]]] = ()


class Host(Generic[M, R, C]):
    """The parts of a process, for the wiring in `bootstrap.py`.

    `pool` belongs to the runtime, which writes for all tenants. Requests for one tenant use
    `request_pool`, whose connections have the login of requests.
    """

    def __init__(
        self, service: Service[M, R], reference: R, settings: C, pool: Pool, request_pool: Pool
    ) -> None:
        self.service, self.reference, self.settings = service, reference, settings
        self.pool, self.request_pool = pool, request_pool
        self.log = PostgresLog(pool)
        self.ids = Ids(SystemRandom())
        self.codec = _codec(service.name, settings.keys())
        self.keyring = settings.keyring()
        self.blobs: Blobs = open_blobs(settings.blobs)
        self.runtime: Runtime[M, R] | None = None
        self.feed: ReferenceFeed | None = None

    @property
    def loaded(self) -> bool:
        """Whether this process has all reference data that existed at its start."""
        return self.feed is not None and self.feed.ready.is_set()

    def outbox(self, transactions: Transactions[Tx]) -> Outbox[Tx]:
        """Return an outbox for entry points, with these transactions."""
        partition_count = self.settings.partitions
        return Outbox(
            self.service.name, transactions, self.ids, partition_count, self.codec, self._committed
        )

    def _committed(self) -> None:
        if self.runtime is not None:
            self.runtime.relay.wake()


def _codec(service: str, keys: Keys) -> Codec:
    missing = signers(service) - keys.signing.keys()
    if missing:
        # Without these keys, every record of these services would be quarantined as forged.
        raise BadKey(f"signing_keys: there is no key of {', '.join(sorted(missing))}")
    return Codec(keys)


ServiceFactory = Callable[[Host[M, R, C]], Awaitable[ServiceComponents]]


def serve(
    service: Service[M, R],
    reference: R,
    settings: C,
    build: ServiceFactory[M, R, C],
    migrations: Traversable | None = None,
) -> None:
    """Run a service until SIGTERM or SIGINT.

    An error that the service cannot recover from ends the process with status 1. Its supervisor
    starts it again, and it resumes from its log.
    """
    start_logging(service.name)
    start_tracing(service.name)
    try:
        asyncio.run(_serve(service, reference, settings, build, migrations))
    except Exception:
        logger.exception("ended; its supervisor starts it again")
        sys.exit(1)


async def _serve(
    service: Service[M, R],
    reference: R,
    settings: C,
    build: ServiceFactory[M, R, C],
    migrations: Traversable | None,
) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    urls = settings.database_url, settings.requests_database_url
    await check_logins(*urls)
    await migrate(settings.database_url, migrations)
    async with (
        open_pools(*urls, settings.statement_timeout) as (pool, request_pool),
        KafkaPublisher(settings.cluster(), service.name) as publisher,
    ):
        host = Host(service, reference, settings, pool, request_pool)
        parts = await build(host)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(_forever(task)) for task in _tasks(host, parts, publisher)]
            await stopping.wait()
            for task in reversed(running):
                task.cancel()


def _tasks(
    host: Host[M, R, C], parts: ServiceComponents, publisher: KafkaPublisher
) -> list[Callable[[], Awaitable[None]]]:
    """Return the tasks that run concurrently in this process."""
    settings, name = host.settings, host.service.name
    cluster = settings.cluster()
    inbox = KafkaInbox(cluster, name, host.service.topics, settings.session_timeout)
    ports = RuntimePorts(
        inbox=inbox,
        log=host.log,
        publisher=publisher,
        handlers=parts.handlers,
        ids=host.ids,
        codec=host.codec,
        owner=f"{socket.gethostname()}/{os.getpid()}",
        partition_count=settings.partitions,
    )
    runtime = host.runtime = Runtime(host.service, host.reference, ports)
    reader = ReferenceReader(host.codec, host.log, runtime.metrics, runtime.apply_reference)
    feed = host.feed = ReferenceFeed(cluster, name, reader.take)
    app = parts.app or Starlette()
    app.router.routes[:0] = [
        *health_routes(
            runtime.metrics, runtime.partitions, runtime.ownership, inbox, feed, host.pool
        ),
        *operation_routes(host.log, settings.partitions, host.keyring),
    ]

    async def work() -> None:
        await feed.ready.wait()
        freeze_gc()
        await runtime.run()

    async def web() -> None:
        await _web(app, settings)

    return [feed.run, work, web, *parts.tasks]


async def _forever(task: Callable[[], Awaitable[None]]) -> None:
    await task()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the host."""
        yield


async def _web(app: Starlette, settings: Settings) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except SystemExit as error:  # uvicorn's way to say that it could not listen
        raise RuntimeError(f"cannot listen on port {settings.http_port}") from error
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
