"""Connections to PostgreSQL: sessions that know their schema and notice a dead peer within half a minute."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.store.border import translated
from psa_operator.store.dsn import connection_parameters, hosts
from psa_operator.sync.spec import Database

APPLICATION = "psa-operator"
OLDEST_SERVER = 150000
_CONNECT_SECONDS = 10
_MOST_CONNECTIONS = 4

Connection = AsyncConnection[tuple[Any, ...]]

_SESSION = sql.SQL("""
SELECT set_config('search_path', {path}, false),
       set_config('jit', 'off', false),
       set_config('work_mem', '32MB', false),
       set_config('TimeZone', 'UTC', false),
       set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false),
       set_config('tcp_user_timeout', '30000', false)
""")


def stage_schema(database: Database) -> str:
    """The schema of staged rows."""
    return f"{database.schema}_stage"


async def parameters(database: Database, application: str = APPLICATION) -> dict[str, Any]:
    """What every connection is made with. Raises ConfigurationError for a DSN that cannot be used."""
    given = connection_parameters(database.dsn)
    if database.allowed_hosts is not None:
        given |= await _pinned(given, HostPolicy(database.allowed_hosts))
    return given | {
        "application_name": application,
        "connect_timeout": _CONNECT_SECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30000,
    }


async def _pinned(given: Mapping[str, Any], policy: HostPolicy) -> dict[str, str]:
    """Resolve the hosts, so that libpq does not ask again and gets another answer."""
    if "/" in given["host"]:
        raise ConfigurationError(
            "The database's DSN names a Unix socket, which would be one of the operator: name a host",
            reason="HostNotAllowed",
        )
    places: list[tuple[str, str, str]] = []
    unknown = ""
    for host, port in hosts(given):
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                found = await policy.addresses(host)
        except OSError as error:  # covers gaierror and TimeoutError
            unknown = f"{host}: {error}"
        else:
            places += [(host, str(address), port) for address in found]
    if not places:
        raise psycopg.OperationalError(unknown)
    return dict(zip(("host", "hostaddr", "port"), map(",".join, zip(*places, strict=True)), strict=True))


@asynccontextmanager
async def connect(database: Database, application: str = APPLICATION) -> AsyncIterator[Connection]:
    """One connection, in autocommit, for a short errand."""
    with translated():
        given = await parameters(database, application)
        connection = await AsyncConnection.connect(autocommit=True, **given)
        async with connection:
            await session(database)(connection)
            yield connection


@asynccontextmanager
async def pool(database: Database, application: str) -> AsyncIterator["AsyncConnectionPool[Connection]"]:
    """Connections of one worker: two loaders, a heartbeat, and one to spare."""
    made: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        kwargs=partial(_unattended, database, application),
        min_size=1,
        max_size=_MOST_CONNECTIONS,
        configure=session(database),
        check=AsyncConnectionPool.check_connection,
        timeout=_CONNECT_SECONDS,
        open=False,
    )
    with translated():
        await made.open()
    try:
        yield made
    finally:
        await made.close()


async def _unattended(database: Database, application: str) -> dict[str, Any]:
    return await parameters(database, application) | {"autocommit": True}


def session(database: Database) -> Callable[[Connection], Awaitable[None]]:
    """Set up a new session. Raises ConfigurationError for a server that is too old."""

    async def configure(connection: Connection) -> None:
        _check_version(connection)
        # Records and reports arrive as JSON already; what is read is decoded where it is used.
        set_json_dumps(_as_is, connection)
        set_json_loads(_as_is, connection)
        path = f"{_quoted(database.schema)}, {_quoted(stage_schema(database))}"
        await connection.execute(_SESSION.format(path=sql.Literal(path)))

    return configure


def _check_version(connection: psycopg.AsyncConnection[Any]) -> None:
    version = connection.info.server_version
    if version < OLDEST_SERVER:
        raise ConfigurationError(
            f"The database is PostgreSQL {version // 10000}; {OLDEST_SERVER // 10000} or later is needed",
            reason="UnsupportedServerVersion",
        )


def _as_is(written: str | bytes) -> str | bytes:
    return written


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string()
