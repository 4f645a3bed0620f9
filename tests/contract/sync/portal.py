"""What a portal does to the live rows, and what comes of it."""

from typing import Any

from tests.world import World


def some(world: World, number: int = 0) -> int:
    """A ticket."""
    return sorted(world.truth())[number]


async def edit(world: World, ticket: int, **columns: Any) -> None:
    """What a portal does."""
    changes = ", ".join(f"{column} = %s" for column in columns)
    await world.sql(f"UPDATE ticket SET {changes} WHERE psa_id = %s", *columns.values(), ticket)


async def changes(world: World, *columns: str) -> list[dict[str, Any]]:
    return await world.sql(f"SELECT {', '.join(columns or ('state',))} FROM local_change ORDER BY id")


async def live(world: World, ticket: int, column: str = "summary") -> Any:
    rows = await world.sql(f"SELECT {column} FROM ticket WHERE psa_id = %s", ticket)
    return rows[0][column] if rows else None


def other_status(world: World, ticket: int) -> int:
    """Another status of the ticket's board."""
    own = world.truth()[ticket]
    board = next(each for each in world.psa.state() if each["id"] == ticket)["board"]["id"]
    of_board = [each["id"] for each in world.psa.state("statuses") if each["board"]["id"] == board]
    return int(next(each for each in of_board if each != own["status_id"]))


def foreign_status(world: World, ticket: int) -> int:
    """A status of another board, which the PSA refuses."""
    board = world.truth()[ticket]["board_id"]
    return next(int(each["id"]) for each in world.psa.state("statuses") if each["board"]["id"] != board)


def other_severity(world: World, ticket: int) -> str:
    """Another severity than the ticket has."""
    return "Low" if world.truth()[ticket]["severity"] == "High" else "High"


async def outbox(world: World, ticket: int, text: str) -> None:
    await world.sql(
        "INSERT INTO outbox_note (integration_id, ticket_id, text, created_by)"
        " SELECT integration_id, psa_id, %s, 'Pat of Acme' FROM ticket WHERE psa_id = %s",
        text,
        ticket,
    )


async def shown(world: World, ticket: int, text: str) -> list[dict[str, Any]]:
    return await world.sql(
        "SELECT psa_id, outbox_id FROM visible_note WHERE ticket_id = %s AND text = %s", ticket, text
    )
