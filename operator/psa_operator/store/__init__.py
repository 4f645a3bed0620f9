"""PostgreSQL: the only place with SQL."""

from psa_operator.store.archive import open_archive
from psa_operator.store.health import check
from psa_operator.store.postgres import open_store
from psa_operator.store.schema import migrate
from psa_operator.store.unsent import UnsentValue, unsent_values

__all__ = ["UnsentValue", "check", "migrate", "open_archive", "open_store", "unsent_values"]
