"""`kubectl psa` as people use it: through kubectl, with their own rights, against the real operator."""

import asyncio
import re

import pytest_asyncio
import yaml

from tests.cluster.person import Person, person
from tests.cluster.tenant import Tenant


@pytest_asyncio.fixture
async def editor(guest: Tenant) -> Person:
    """Who may start runs, of an integration that is connected."""
    await guest.connect()
    return await person(guest, "admin")


@pytest_asyncio.fixture
async def viewer(guest: Tenant) -> Person:
    """Who may look."""
    return await person(guest, "view")


async def awaiting(guest: Tenant) -> None:
    """A run named big that would delete 20 tickets, where 10 are allowed."""
    await guest.patch("psai", guest.acme, {"spec": {"deletionGuard": {"maxCount": 10}}})
    await guest.condition("psai", guest.acme, "Ready", "True")
    await guest.bring("load")
    guest.psa.delete(*guest.psa.ids()[:20])
    await guest.apply(guest.resync("big"))
    await guest.in_phase("big", "AwaitingApproval")


async def test_a_quick_sync_is_watched_to_its_receipt(editor: Person) -> None:
    acme = editor.tenant.acme
    editor.tenant.psa.fault("latency", "service/", seconds=1)  # so that a phase lasts longer than a look

    said = await editor.says("sync", acme, "--watch")

    assert re.match(rf"{acme}-quick-\w+ created\n", said)
    assert "Preparing: " in said
    assert "\nSucceeded: " in said
    assert "300 of 300 tickets" in said.splitlines()[-1]
    (run,) = (await editor.tenant.kubectl("get", "tres", "-o", "name")).split()
    found = await editor.tenant.get("tres", run.partition("/")[2])
    assert found
    assert found["spec"]["requestedBy"] == f"system:serviceaccount:{editor.tenant.namespace}:adminer"


async def test_a_full_run_needs_a_reason_and_is_warned_of(editor: Person) -> None:
    acme = editor.tenant.acme

    complaint = await editor.complains("sync", acme, "--full")
    done = await editor.psa("sync", acme, "--full", "--reason", "new boards", "-o", "json")

    assert "a Full Clear and Resync needs a reason: write in a few words why" in complaint
    assert done.stderr.startswith("Warning: Validation failed for ValidatingAdmissionPolicy")
    assert "Full Clear and Resync replaces all local ticket data" in done.stderr
    run = yaml.safe_load(done.stdout)
    assert run["metadata"]["name"].startswith(f"{acme}-full-")
    assert (run["spec"]["mode"], run["spec"]["reason"]) == ("Full", "new boards")


async def test_what_a_run_is_limited_to_is_said_in_options(editor: Person) -> None:
    run = await editor.value("sync", editor.tenant.acme, "--tickets", "7,8", "--dry-run")

    assert (run["spec"]["ticketIds"], run["spec"]["dryRun"]) == ([7, 8], True)
    done = await editor.psa("sync", editor.tenant.acme, "--tickets", "seven")
    assert done.exit_code == 2
    assert '"seven" are no ticket numbers' in done.stderr


async def test_who_watches_is_told_why_a_run_waits(editor: Person) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=2)
    await guest.apply(guest.resync("running"))
    await guest.until("tres", "running", lambda each: each["status"].get("startTime"))

    watching = asyncio.create_task(editor.says("sync", guest.acme, "-w"))
    await guest.in_phase("running", "Succeeded")
    guest.psa.clear_faults()

    said = await watching
    assert (
        'Pending (AnotherRunActive): "running" is running for the same PSA account; this one is 1st' in said
    )
    assert "\nSucceeded: " in said


async def test_a_run_that_fails_is_a_command_that_fails(editor: Person) -> None:
    editor.tenant.psa.fault("status", "service/tickets", status=401)

    done = await editor.psa("sync", editor.tenant.acme, "--watch")

    assert done.exit_code == 1
    assert "\nFailed: " in done.stdout


async def test_ctrl_c_leaves_the_run_going_and_says_how_to_look_again(editor: Person) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=1)

    code, said = await editor.interrupts("sync", guest.acme, "--watch", after="Preparing")
    guest.psa.clear_faults()

    name = said.split()[0]
    assert code == 130
    assert f"{name} goes on. Look again: kubectl psa status {guest.acme} -n {guest.namespace}" in said
    assert f"kubectl psa cancel {name} -n {guest.namespace}" in said
    assert (await guest.finished(name))["phase"] == "Succeeded"


async def test_ctrl_c_takes_back_a_question(editor: Person) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=2)
    await guest.apply(guest.resync("running"))
    await guest.until("tres", "running", lambda each: each["status"].get("startTime"))

    code, _ = await editor.interrupts("plan", guest.acme, "--full", after="AnotherRunActive")
    guest.psa.clear_faults()

    assert code == 130
    assert (await guest.kubectl("get", "tres", "-o", "name")).split() == [
        "ticketresync.psa.msportal.ai/running"
    ]


async def test_status_is_a_line_an_integration_and_what_runs_or_waits(editor: Person, viewer: Person) -> None:
    guest = editor.tenant
    await guest.bring("load")
    await guest.shows_tickets(300)
    guest.psa.fault("latency", "service/tickets", seconds=2)
    await guest.apply(guest.resync("running"))
    await guest.until("tres", "running", lambda each: each["status"].get("startTime"))
    await guest.apply(guest.resync("waiting", "Quick"))
    await guest.condition(
        "tres", "waiting", "Ready", "False", "AnotherRunActive", says='"running" is running'
    )
    await guest.until("psai", guest.acme, lambda each: each["status"]["phase"] == "Syncing")

    said = await viewer.says("status")

    assert re.search(rf"^NAME +PHASE +TICKETS +PENDING .*\n{guest.acme} +Syncing +300 ", said)
    assert "Running and waiting:\nNAME " in said
    assert re.search(rf"^running +{guest.acme} +Full ", said, re.MULTILINE)
    assert re.search(
        r'^waiting .* Pending .* "running" is running for the same PSA account', said, re.MULTILINE
    )
    guest.psa.clear_faults()


async def test_of_one_integration_what_is_not_fine_comes_first(editor: Person, viewer: Person) -> None:
    said = await viewer.says("status", editor.tenant.acme)

    conditions = re.findall(r"^(\w+) +(True|False|Unknown) +\w+ ", said, re.MULTILINE)
    assert said.startswith(f"{editor.tenant.acme}: Connected\n")
    assert set(conditions[:2]) == {("ResyncRequired", "True"), ("TimeZoneMatches", "False")}
    assert ("Ready", "True") in conditions[2:]


async def test_status_has_the_schedules(editor: Person, viewer: Person) -> None:
    guest = editor.tenant
    await guest.apply(guest.schedule("nightly", "0 3 * * *"))
    await guest.until("tressched", "nightly", lambda each: each["status"].get("nextScheduleTime"))

    said, one = await viewer.says("status"), await viewer.says("status", guest.acme)
    [schedule] = (await viewer.value("status", guest.acme))["schedules"]

    line = rf"nightly +{guest.acme} +Quick +0 3 \* \* \* +UTC +\d{{4}}-\d\d-\d\d 03:00 UTC "
    assert all(re.search(rf"By the clock:\n.*\n{line}", each) for each in (said, one))
    assert schedule["name"] == "nightly"
    assert schedule["status"]["nextScheduleTime"].endswith("T03:00:00Z")


async def test_status_is_written_for_programs_too(editor: Person, viewer: Person) -> None:
    acme = editor.tenant.acme
    await editor.tenant.bring("load")
    await editor.tenant.shows_tickets(300)

    one, every = await viewer.value("status", acme), await viewer.value("status")
    as_yaml = yaml.safe_load(await viewer.says("status", acme, "-o", "yaml"))

    assert one == as_yaml
    assert [each["name"] for each in every] == [acme]
    assert (one["status"]["phase"], one["status"]["counts"]["tickets"], one["runs"]) == ("Connected", 300, [])


async def test_tickets_are_explained_and_the_helper_is_gone(editor: Person) -> None:
    guest = editor.tenant
    await guest.bring("load")
    here = guest.psa.ids()[0]

    said = await editor.says("explain", guest.acme, here, 999_999)
    values = await editor.value("explain", guest.acme, here)

    assert f"#{here}  Shown (UpToDate)\n    It is as the PSA has it." in said
    assert "#999999  Absent (NotInPSA)" in said
    assert [(each["ticketId"], each["verdict"]) for each in values] == [(here, "Shown")]
    assert (await guest.kubectl("get", "tres", "-o", "name")).split() == ["ticketresync.psa.msportal.ai/load"]


async def test_a_plan_says_what_would_change_and_changes_nothing(editor: Person) -> None:
    guest = editor.tenant
    await guest.bring("load")
    guest.psa.delete(guest.psa.ids()[0])

    full = await editor.says("plan", guest.acme, "--full")
    prune = await editor.value("plan", guest.acme, "--prune")

    assert re.search(r"^Would read .*299 tickets", full)
    assert re.search(r"^tickets +0 +0 +1 +-\d+$", full, re.MULTILINE)
    assert prune["diff"]["tickets"]["deleted"] == 1
    await guest.shows_tickets(300)


async def test_an_approval_shows_the_number_and_asks(editor: Person) -> None:
    guest = editor.tenant
    await awaiting(guest)

    declined = await editor.psa("approve", "big", stdin="n\n")
    waiting = await guest.get("tres", "big")
    said = await editor.says("approve", "big", stdin="y\n")

    assert declined.exit_code == 1
    assert waiting
    assert "approvedDeletions" not in waiting["spec"]
    number = waiting["status"]["approval"]["deletions"]
    assert f"big of {guest.acme} waits for an approval of {number:,} rows. Approve? [y/N]: " in said
    assert (await guest.finished("big"))["counts"]["tickets"]["deleted"] == 20
    assert "waits for no approval" in await editor.complains("approve", "big", "--yes")


async def test_an_approval_tells_what_goes_beyond_the_number(editor: Person) -> None:
    guest = editor.tenant
    await guest.bring("load")
    board = guest.psa.state("boards")[0]
    left = [each["id"] for each in guest.psa.state("tickets") if each["board"]["id"] == board["id"]]
    guest.psa.delete(*[each for each in guest.psa.ids() if each not in left][:20])
    scope = {"boards": {"exclude": [board["name"]]}}
    await guest.patch("psai", guest.acme, {"spec": {"tickets": scope, "deletionGuard": {"maxCount": 10}}})
    await guest.condition("psai", guest.acme, "Ready", "True")
    await guest.apply(guest.resync("big"))
    await guest.in_phase("big", "AwaitingApproval")

    said = await editor.says("approve", "big", stdin="y\n")

    more = f"({len(left)} more tickets go as well: they are out of scope now)"
    assert f"waits for an approval of 20 rows {more}. Approve?" in said
    assert (await guest.finished("big"))["counts"]["tickets"]["deleted"] == 20 + len(left)


async def test_a_run_is_cancelled_once(editor: Person) -> None:
    await awaiting(editor.tenant)

    said = await editor.says("cancel", "big")

    assert said == "big is being cancelled; the data that is live stays as it was\n"
    assert (await editor.tenant.finished("big"))["phase"] == "Cancelled"
    assert "has ended already (Cancelled)" in await editor.complains("cancel", "big")


async def test_a_run_is_undone_also_after_its_object_is_gone(editor: Person) -> None:
    guest = editor.tenant
    await guest.bring("load")
    guest.psa.change(guest.psa.ids()[0], summary="by the Full run")
    await guest.bring("full")
    await guest.delete("tres", "full")
    await guest.kubectl("wait", "--for=delete", "tres/full")

    complaint = await editor.complains("rollback", "full", "--reason", "wrong")
    said = await editor.says("rollback", "full", "--reason", "wrong", "--integration", guest.acme, "-w")

    assert "name its integration with --integration" in complaint
    assert re.search(r"^Succeeded: .* 1 restored", said, re.MULTILINE)


async def test_pending_says_how_to_get_the_whole_list(editor: Person, viewer: Person) -> None:
    acme = editor.tenant.acme

    said = await viewer.says("pending", acme)

    assert said.startswith(f"{acme}: two-way sync (spec.writeBack) is off, so no change is pending")
    assert await viewer.value("pending", acme) == {"count": 0, "held": 0, "first": []}


async def test_who_may_only_look_is_told_what_is_missing(editor: Person, viewer: Person) -> None:
    guest = editor.tenant
    right = f'You may not create ticketresyncs.psa.msportal.ai in namespace "{guest.namespace}"'

    assert right in await viewer.complains("sync", guest.acme)
    assert right in await viewer.complains("explain", guest.acme, 1)
    everywhere = await viewer.complains("status", "-A")
    assert "You may not list psaintegrations.psa.msportal.ai in all namespaces" in everywhere


async def test_a_name_that_is_not_there_is_answered_with_those_that_are(editor: Person) -> None:
    guest = editor.tenant
    missing = f'There is no PSAIntegration "acne" in namespace "{guest.namespace}"; there is {guest.acme}'

    for command in ("status", "sync", "pending", "plan"):
        assert missing in await editor.complains(command, "acne")
    assert 'There is no TicketResync "gone" in namespace' in await editor.complains("cancel", "gone")
    assert not (await guest.kubectl("get", "tres", "-o", "name")).strip()


async def test_names_are_completed_as_kubectl_asks_for_it(editor: Person) -> None:
    completed = await editor.completes("status", editor.tenant.acme[:6])

    assert completed == [editor.tenant.acme, ":4"]
    assert {"status", "sync"} <= set(await editor.completes("s"))
