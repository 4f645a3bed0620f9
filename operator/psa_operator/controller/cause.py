"""Who is behind what happens to an object, for the log: pure, from the object alone."""

from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Body, controller_of, uid_of


def cause_of(key: Key, body: Body) -> dict[str, str]:
    """Integration, run or schedule, which object it is exactly, and who asked for it, as far as is known."""
    if key.kind is Kind.INTEGRATION:
        return {"integration": str(key), "uid": uid_of(body)}
    spec, owner = body.get("spec", {}), controller_of(body)
    if key.kind is Kind.SCHEDULE:
        spec = spec.get("template", {}).get("spec", {})
    found = {
        "integration": f"{key.namespace}/{spec.get('integrationRef', {}).get('name', '')}",
        "schedule" if key.kind is Kind.SCHEDULE else "run": str(key),
        "uid": uid_of(body),
        "mode": spec.get("mode", ""),
        "requested_by": spec.get("requestedBy", ""),
        "made_by": f"{owner['kind']}/{owner['name']}" if owner else "",
    }
    return {name: value for name, value in found.items() if value}
