"""The PSAs that we read: open one account for one run, within a policy of hosts."""

from psa_operator.psa.catalog import PROVIDERS, open_source
from psa_operator.psa.hosts import HostPolicy

__all__ = ["PROVIDERS", "HostPolicy", "open_source"]
