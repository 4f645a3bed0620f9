"""The user's kubeconfig: which API server, as whom, and in which namespace."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml
from kubernetes import config
from kubernetes.client import ApiClient
from kubernetes.config import ConfigException, kube_config

from psa_operator.errors import ConfigurationError

_LOADER: Any = config  # its functions carry no types


class Access(NamedTuple):
    """A client for the API server of one context, and the namespace that the context names."""

    client: ApiClient
    namespace: str


def access(file: Path | None, context: str | None) -> Access:
    """What the kubeconfig says of a context, or of the current one. Raises ConfigurationError."""
    paths = str(file or kube_config.KUBE_CONFIG_DEFAULT_LOCATION)
    merged = _merged(paths)
    contexts = {each["name"]: each["context"] for each in merged.value["contexts"] or []}
    chosen = context or merged.value.get("current-context")
    if not chosen:
        raise ConfigurationError(
            f"The kubeconfig {paths} has no current context: name one with --context ({_listed(contexts)})"
        )
    if chosen not in contexts:
        raise ConfigurationError(
            f'The kubeconfig {paths} has no context "{chosen}"; it has {_listed(contexts)}'
        )
    try:
        client = _LOADER.new_client_from_config_dict(merged, chosen, persist_config=False)
    except (ConfigException, OSError, ValueError) as error:
        raise ConfigurationError(
            f'The context "{chosen}" of the kubeconfig {paths} cannot be used: {_one_line(error)}'
        ) from None
    return Access(client, contexts[chosen].value.get("namespace") or "default")


def _merged(paths: str) -> Any:
    try:
        found = _LOADER.kube_config.KubeConfigMerger(paths).config
    except (ConfigException, OSError, ValueError, AttributeError, TypeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"The kubeconfig {paths} cannot be read: {_one_line(error)}") from None
    if found is None:
        raise ConfigurationError(
            f"There is no kubeconfig at {paths}: get one for your cluster, and name it in KUBECONFIG or with "
            "--kubeconfig"
        )
    return found


def _listed(contexts: dict[str, Any]) -> str:
    return ", ".join(sorted(contexts)) or "none"


def _one_line(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(told.split())
