"""What the process reads from its environment, once; every name begins with `PSA_OPERATOR_`."""

from datetime import timedelta
from functools import cache
from socket import gethostname
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
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
        description="Hosts, networks (CIDR) or * that may be named although their addresses are private: "
        "by URLs of PSAs and webhooks, and by DSNs in Secrets of integrations.",
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

    lease_namespace: str = Field(
        default="", description="Where the Lease of the leader is; none: this operator is alone and leads."
    )
    lease_name: str = Field(default="psa-operator", description="The Lease that the operators share.")
    lease_duration: Seconds = Field(
        default=timedelta(seconds=15), description="After how many seconds of silence a leader is replaced."
    )
    lease_renew_deadline: Seconds = Field(
        default=timedelta(seconds=10), description="After how many seconds a leader that cannot renew stops."
    )
    lease_retry: Seconds = Field(
        default=timedelta(seconds=2), description="Between two looks at the Lease, in seconds."
    )
    pod_name: str = Field(
        default_factory=gethostname, description="What the Lease calls this operator, with a random suffix."
    )

    @field_validator("namespaces", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _leaders_never_overlap(self) -> Self:
        if self.lease_duration > self.lease_renew_deadline > self.lease_retry:
            return self
        raise ValueError(
            "a leader must try often, and stop before another may begin: PSA_OPERATOR_LEASE_RETRY has to be "
            "less than PSA_OPERATOR_LEASE_RENEW_DEADLINE, and that less than PSA_OPERATOR_LEASE_DURATION"
        )


@cache
def read_settings() -> Settings:
    """Read the environment once."""
    return Settings()
