"""What the process reads from its environment, once; every name begins with `PSA_OPERATOR_`."""

from datetime import timedelta
from functools import cache
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _seconds(value: object) -> object:
    return timedelta(seconds=float(value)) if isinstance(value, str) else value


Names = Annotated[frozenset[str], NoDecode]
Seconds = Annotated[timedelta, BeforeValidator(_seconds)]


class Settings(BaseSettings):
    """The operator's own configuration, the same for all integrations."""

    model_config = SettingsConfigDict(env_prefix="PSA_OPERATOR_", frozen=True)

    namespaces: Names = Field(default=frozenset(), description="Namespaces to watch; none: all of them.")
    database_dsn: SecretStr | None = Field(
        default=None, description="Database of the integrations that name none of their own."
    )
    max_concurrent_runs: int = Field(default=4, ge=1, description="Workers at once in this pod.")
    worker_memory_mb: int = Field(default=768, ge=128, description="Memory that one worker may allocate.")
    allowed_hosts: Names = Field(
        default=frozenset(),
        description="Hosts, networks (CIDR) or * that PSA URLs may name although they are private addresses.",
    )
    allow_http: bool = Field(default=False, description="Whether a PSA may be reached without TLS.")
    http_port: int = Field(default=8080, description="Port of /livez, /readyz and /metrics.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    probe_interval: Seconds = Field(
        default=timedelta(minutes=10), description="Between two probes of an integration, in seconds."
    )
    relist_interval: Seconds = Field(
        default=timedelta(minutes=10), description="Between two full lists of each kind, in seconds."
    )
    retry_backoff: Seconds = Field(
        default=timedelta(seconds=10), description="Before the second attempt, in seconds; doubles each time."
    )

    @field_validator("namespaces", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value


@cache
def read_settings() -> Settings:
    """Read the environment once."""
    return Settings()
