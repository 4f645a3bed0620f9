"""What people do in the portal, whose application writes into the database."""

from typing import Any

import psycopg

from tests.cluster.tenant import Object, Tenant

PROBE = "psa.msportal.ai/probe"


class Portal:
    """The portal of a tenant."""

    def __init__(self, tenant: Tenant, dsn: str) -> None:
        self.tenant = tenant
        self.dsn = dsn

    async def sql(self, statement: str, *values: Any) -> list[Any]:
        async with await psycopg.AsyncConnection.connect(
            self.dsn, autocommit=True, options="-c search_path=psa"
        ) as connection:
            cursor = await connection.execute(statement.encode(), values)
            return await cursor.fetchall() if cursor.description else []

    async def rename(self, ticket: int, summary: str) -> None:
        await self.sql("UPDATE ticket SET summary = %s WHERE psa_id = %s", summary, ticket)

    async def note(self, ticket: int, text: str) -> None:
        await self.sql(
            "INSERT INTO outbox_note (integration_id, ticket_id, text) SELECT id, %s, %s FROM integration",
            ticket,
            text,
        )

    async def pending(self, number: int, token: str) -> Object:
        """Wait until the integration shows so many pending changes, after a probe."""
        psai = self.tenant.acme
        await self.tenant.patch("psai", psai, {"metadata": {"annotations": {PROBE: token}}})

        def shown(found: Object) -> bool:
            status = found["status"]
            probed = status.get("lastHandledRequests", {}).get(PROBE) == token
            return probed and bool(status.get("pendingLocalChanges", {}).get("count") == number)

        found = await self.tenant.until("psai", psai, shown)
        pending: Object = found["status"]["pendingLocalChanges"]
        return pending
