"""PostgreSQL: the only place with SQL."""

from psa_operator.store.archive import open_archive
from psa_operator.store.health import check
from psa_operator.store.postgres import open_store
from psa_operator.store.schema import migrate

__all__ = ["check", "migrate", "open_archive", "open_store"]
