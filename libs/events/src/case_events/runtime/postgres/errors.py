"""What PostgreSQL's errors mean to the runtime."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Protocol

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from case_events.runtime.ports import Unavailable, WriteRejected

Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]


class Connections(Protocol):
    """Lends connections, each for one transaction: a pool, or a pool for whoever asks."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection[TupleRow]]: ...


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the runtime knows in place of what the driver raises."""
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
        raise WriteRejected(str(error)) from error
    except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
        raise Unavailable(repr(error)) from error
    except (PoolTimeout, OSError, TimeoutError) as error:
        raise Unavailable(repr(error)) from error


@asynccontextmanager
async def connection(pool: Connections) -> AsyncIterator[AsyncConnection[TupleRow]]:
    """A connection of the pool, committed at the end; its errors translated."""
    with translated():
        async with pool.connection() as borrowed:
            yield borrowed
