"""What a user of the demo writes: the same manifests as in any cluster, for the simulated ConnectWise."""

from psa_operator.demo.psa import Account

NAMESPACE = "acme"
_ASKED_BY = "requestedBy: alex@acme.example"


def secret(account: Account) -> str:
    return f"""\
apiVersion: v1
kind: Secret
metadata:
  name: connectwise-keys
  labels:
    psa.msportal.ai/watched: "true"   # a changed key is noticed at once
stringData:
  publicKey: {account.public_key}
  privateKey: {account.private_key}
  clientId: {account.client_id}
"""


def integration(account: Account) -> str:
    return f"""\
apiVersion: psa.msportal.ai/v1alpha1
kind: PSAIntegration
metadata:
  name: connectwise
spec:
  provider:
    connectWise:
      url: {account.url}
      companyId: {account.company_id}
  credentialsSecretRef:
    name: connectwise-keys
  limits:
    requestsPerMinute: 6000   # of a real ConnectWise: 1000, which is the default
"""


def quick(name: str) -> str:
    return _resync(name, "mode: Quick")


def question(name: str, ticket_ids: list[int]) -> str:
    return _resync(name, "dryRun: true", f"ticketIds: {ticket_ids}")


def full(name: str, reason: str) -> str:
    return _resync(name, "mode: Full", f"reason: {reason}", _ASKED_BY)


def rollback(name: str, of: str, reason: str) -> str:
    return _resync(name, "mode: Rollback", "rollbackOf:", f"  name: {of}", f"reason: {reason}", _ASKED_BY)


def _resync(name: str, *wanted: str) -> str:
    lines = "\n".join(f"  {line}" for line in wanted)
    return f"""\
apiVersion: psa.msportal.ai/v1alpha1
kind: TicketResync
metadata:
  name: {name}
spec:
  integrationRef:
    name: connectwise
{lines}
"""
