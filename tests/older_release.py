"""The database as an earlier release has made it."""

from importlib import resources

import psycopg
from psycopg import sql

BEFORE_NOTES = ("0001_live", "0002_stage", "0003_approval")
BEFORE_TWO_WAY = (*BEFORE_NOTES, "0004_notes_and_mappings", "0005_history", "0006_limited")


def make_tables(dsn: str, migrations: tuple[str, ...]) -> None:
    """Make the tables of a release that knew these migrations, in a database without ours."""
    folder = resources.files("psa_operator.store") / "migrations"
    with psycopg.connect(dsn, autocommit=True, options="-c search_path=psa,psa_stage") as connection:
        connection.execute("CREATE SCHEMA psa")
        connection.execute("CREATE SCHEMA psa_stage")
        connection.execute(
            "CREATE TABLE migration (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())"
        )
        for name in migrations:
            text = (folder / f"{name}.sql").read_text()
            connection.execute(sql.SQL(text).format(stage=sql.Identifier("psa_stage")))
            connection.execute("INSERT INTO migration (name) VALUES (%s)", (name,))
