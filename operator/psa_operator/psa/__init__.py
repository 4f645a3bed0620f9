"""The PSAs that we read: open one account for one run."""

from psa_operator.psa.catalog import PROVIDERS, open_source

__all__ = ["PROVIDERS", "open_source"]
