"""Translation of PostgreSQL's errors to those of the ports."""

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
    """Lends connections, each for one transaction: a pool of the runtime, or one for requests."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection[TupleRow]]: ...


@contextmanager
def translated() -> Iterator[None]:
    """Raise the errors of the ports in place of the driver's."""
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
    """Borrow a connection of the pool. It commits when the block ends, and its errors are
    translated."""
    with translated():
        async with pool.connection() as borrowed:
            yield borrowed
