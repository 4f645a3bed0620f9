"""`psa-operator explain`: why tickets are there or not, by files and database, without a cluster."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.catalog import open_source
from psa_operator.psa.http import Patience
from psa_operator.store import open_archive
from psa_operator.sync.explain import explain
from psa_operator.sync.outcome import Explanation
from psa_operator.sync.spec import RunSpec
from psa_operator.wiring import database, run_spec

_PATIENCE = Patience(attempts=2, first_pause=0.5, longest_retry_after=5.0, silence=20.0)
"""Somebody waits for the answer, and that the PSA does not answer is one."""

_KIND = "PSAIntegration"
_QUESTION = {"namespace": "", "name": "explain"}

Manifest = Mapping[str, Any]


async def answer(spec: RunSpec, policy: HostPolicy) -> list[Explanation]:
    """Explain the tickets that the spec names; nothing is written, and no run has to end before."""
    async with (
        open_archive(spec.database, spec.integration_key) as archive,
        open_source(spec.account, spec.limits, policy, _PATIENCE) as source,
    ):
        return await explain(spec, source, archive)


def question(files: Sequence[Path], ticket_ids: Sequence[int], namespace: str, dsn: str | None) -> RunSpec:
    """What is asked, and of whom: by the one integration in the files. Raises ConfigurationError."""
    manifests = [each for file in files for each in _manifests(file)]
    integration = _integration(manifests, namespace)
    given = {
        "metadata": _QUESTION,
        "spec": {
            "integrationRef": {"name": integration.metadata.name},
            "dryRun": True,
            "ticketIds": list(ticket_ids),
        },
    }
    try:
        asked = TicketResync.model_validate(given)
    except ValidationError as error:
        raise ConfigurationError(f"These are no ticket ids: {_first(error)}") from None
    credentials = _secret(manifests, integration.spec.credentials_secret_ref.name)
    place = database(integration, dsn or _dsn(manifests, integration))
    return run_spec(integration, asked, credentials, place)


def as_text(explanations: Iterable[Explanation]) -> str:
    """For people: what and why, then the sentences."""
    return "\n".join(
        f"#{each.ticket_id}  {each.verdict} ({each.reason})\n    {each.detail}" for each in explanations
    )


def as_json(explanations: Iterable[Explanation]) -> str:
    """For programs: what status.explanations would have."""
    return json.dumps(
        [
            {
                "ticketId": each.ticket_id,
                "verdict": each.verdict,
                "reason": each.reason,
                "detail": each.detail,
            }
            for each in explanations
        ],
        indent=2,
    )


def _manifests(file: Path) -> Iterator[Manifest]:
    try:
        found = list(yaml.safe_load_all(file.read_text()))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{file} cannot be read: {' '.join(str(error).split())}") from None
    for each in found:
        items = each.get("items", [each]) if isinstance(each, dict) else []
        yield from (item for item in items if isinstance(item, dict))


def _integration(manifests: Sequence[Manifest], namespace: str) -> PSAIntegration:
    found = [each for each in manifests if each.get("kind") == _KIND]
    if len(found) != 1:
        raise ConfigurationError(
            f"The files have {len(found)} objects of kind {_KIND}; name the file of one with --filename, and "
            "that of its Secret"
        )
    metadata = {"namespace": namespace, **found[0].get("metadata", {})}
    try:
        return PSAIntegration.model_validate({**found[0], "metadata": metadata})
    except ValidationError as error:
        raise ConfigurationError(f"The {_KIND} is not valid: {_first(error)}") from None


def _secret(manifests: Iterable[Manifest], name: str) -> dict[str, str]:
    for each in manifests:
        if each.get("kind") == "Secret" and each.get("metadata", {}).get("name") == name:
            return {**_decoded(name, each.get("data") or {}), **(each.get("stringData") or {})}
    raise ConfigurationError(
        f'Secret "{name}", which the {_KIND} names, is in none of the files: name its file with --filename',
        reason="SecretNotFound",
    )


def _decoded(name: str, data: Mapping[str, str]) -> dict[str, str]:
    try:
        return {key: base64.b64decode(value, validate=True).decode() for key, value in data.items()}
    except (binascii.Error, UnicodeDecodeError, TypeError):
        raise ConfigurationError(f'The data of Secret "{name}" is not base64; use stringData') from None


def _dsn(manifests: Iterable[Manifest], integration: PSAIntegration) -> str:
    reference = integration.spec.database.secret_ref
    if reference is None:
        raise ConfigurationError(
            "Which database? Write --dsn, or set PSA_OPERATOR_DATABASE_DSN", reason="NoDatabase"
        )
    return _secret(manifests, reference.name).get(reference.key, "").strip()


def _first(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
