"""Who is behind what happens to an object, for the log: pure, from the object alone."""

from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Body, uid_of


def cause_of(key: Key, body: Body) -> dict[str, str]:
    """Integration and run, which object it is exactly, and who asked for it, as far as that is known."""
    if key.kind is Kind.INTEGRATION:
        return {"integration": str(key), "uid": uid_of(body)}
    spec = body.get("spec", {})
    owners = body["metadata"].get("ownerReferences", ())
    made_by = next((f"{each['kind']}/{each['name']}" for each in owners if each.get("controller")), "")
    found = {
        "integration": f"{key.namespace}/{spec.get('integrationRef', {}).get('name', '')}",
        "run": str(key),
        "uid": uid_of(body),
        "mode": spec.get("mode", ""),
        "requested_by": spec.get("requestedBy", ""),
        "made_by": made_by,
    }
    return {name: value for name, value in found.items() if value}
