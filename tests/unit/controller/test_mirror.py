"""The mirror: a late message never replaces a newer one, and a list never revives the dead."""

from typing import Any

from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Mirror
from tests.unit.controller.objects import resync_body

KEY = Key(Kind.RESYNC, "tenant", "run")


def body(version: int, uid: str = "one") -> dict[str, Any]:
    found = resync_body()
    found["metadata"] |= {"resourceVersion": str(version), "uid": uid}
    return found


def test_an_older_body_is_no_news() -> None:
    mirror = Mirror()

    assert [mirror.put(KEY, body(version)) for version in (5, 4, 5, 6)] == [True, False, False, True]


def test_a_list_older_than_a_deletion_does_not_bring_the_object_back() -> None:
    mirror = Mirror()
    mirror.put(KEY, body(5))
    mirror.remove(KEY, body(7))

    mirror.replace(Kind.RESYNC, [body(5)], version=6)

    assert mirror.get(KEY) is None


def test_a_list_does_not_drop_what_came_after_it() -> None:
    mirror = Mirror()
    mirror.put(KEY, body(8))

    mirror.replace(Kind.RESYNC, [], version=7)
    assert mirror.get(KEY)
    mirror.replace(Kind.RESYNC, [], version=9)

    assert mirror.get(KEY) is None


def test_a_deletion_that_is_late_spares_the_next_object_of_that_name() -> None:
    mirror = Mirror()
    mirror.put(KEY, body(5, "one"))
    mirror.put(KEY, body(9, "two"))

    assert mirror.remove(KEY, body(7, "one")) is False
    assert mirror.get(KEY)


def test_what_was_parsed_follows_what_was_put() -> None:
    mirror = Mirror()
    mirror.put(KEY, body(5))
    assert mirror.resync("tenant", "run")

    mirror.put(KEY, body(6) | {"status": {"phase": "Succeeded"}})

    assert list(mirror.unfinished()) == []


def test_an_object_that_cannot_be_read_does_not_hide_the_others() -> None:
    mirror, unreadable = Mirror(), body(5, uid="two")
    unreadable["spec"]["mode"] = "Sideways"
    mirror.put(KEY, body(5))
    mirror.put(KEY._replace(name="odd"), unreadable)

    assert [each.metadata.uid for each in mirror.unfinished()] == ["one"]


def test_a_run_that_is_over_is_kept_whole_without_what_kubectl_notes() -> None:
    over = body(5)
    over["status"] = {"phase": "Succeeded", "message": "done"}
    over["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "team": "desk",
    }
    mirror = Mirror()

    mirror.put(KEY, over | {"metadata": over["metadata"] | {"managedFields": [{}]}})

    kept, run = mirror.get(KEY), mirror.resync("tenant", "run")
    assert kept == over | {"metadata": over["metadata"] | {"annotations": {"team": "desk"}}}
    assert run is not None
    assert (run.status.phase, list(mirror.unfinished())) == ("Succeeded", [])
