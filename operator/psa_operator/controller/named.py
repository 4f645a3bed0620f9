"""Whether the PSA still has what the settings name, and as it was: boards, statuses, custom fields."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from psa_operator.api.conditions import ConditionStatus
from psa_operator.api.integration import PSAIntegration
from psa_operator.errors import PsaOperatorError
from psa_operator.store.facts import Facts
from psa_operator.store.lists import ListChange
from psa_operator.sync.entities import Entity
from psa_operator.sync.scope import UNKNOWN_NAMES

_MOST = 5


class _Use(Struct, frozen=True):
    """A field of the spec that names records of one kind, and what comes of it if one is not there."""

    field: str
    entity: Entity
    names: Iterable[str]
    effect: str


def judge(
    integration: PSAIntegration, facts: Facts, error: PsaOperatorError | None
) -> tuple[ConditionStatus, str, str]:
    """Status, reason and message; `error` is what the last probe of the PSA ran into."""
    if error is not None and error.reason in UNKNOWN_NAMES:
        return "False", error.reason, _refused(integration, facts, error)
    if not facts.names.get(Entity.BOARDS):
        return "Unknown", "NotRead", "No run has read the PSA's lists yet"
    found = [*_missing(integration, facts), *_lost(integration, facts), *_retyped(integration, facts)]
    if not found:
        return "True", "AllKnown", "The PSA has everything that the settings name"
    more = f". There are {len(found) - _MOST:,} more" if len(found) > _MOST else ""
    return "False", found[0][0], ". ".join(message for _, message in found[:_MOST]) + more


def _refused(integration: PSAIntegration, facts: Facts, error: PsaOperatorError) -> str:
    """Runs cannot bring the lists any more, so what was there at the last one has changed since."""
    known = facts.names.get(Entity.BOARDS) and not any(_missing(integration, facts))
    since = (
        ". The last run still found all: something was renamed or removed in the PSA since" if known else ""
    )
    advice = "No run starts until that is corrected or taken out; an id in its place outlives any renaming"
    return f"{error}{since}. {advice}"


def _uses(integration: PSAIntegration) -> Iterator[_Use]:
    tickets, companies, mappings = (
        integration.spec.tickets,
        integration.spec.companies,
        integration.spec.mappings,
    )
    stops = "No run starts until that is corrected"
    boards = Entity.BOARDS
    yield _Use("tickets.boards.include", boards, tickets.boards.include, stops)
    yield _Use("tickets.boards.exclude", boards, tickets.boards.exclude, stops)
    yield _Use("tickets.excludedStatuses", Entity.STATUSES, tickets.excluded_statuses, stops)
    yield _Use("companies.excludedTypes", Entity.COMPANY_TYPES, companies.excluded_types, stops)
    yield _Use("companies.excludedStatuses", Entity.COMPANY_STATUSES, companies.excluded_statuses, stops)
    keeps = "Its tickets show the PSA's name"
    yield _Use("mappings.statuses", Entity.STATUSES, mappings.statuses, keeps)
    yield _Use("mappings.priorities", Entity.PRIORITIES, mappings.priorities, keeps)
    fields, lacks = tickets.custom_fields, "Tickets come without it"
    yield _Use("tickets.customFields.names", Entity.CUSTOM_FIELDS, (fields and fields.names) or (), lacks)
    yield _Use("mappings.fields", Entity.CUSTOM_FIELDS, mappings.fields, "It renames nothing")


def _missing(integration: PSAIntegration, facts: Facts) -> Iterator[tuple[str, str]]:
    """Reason and message for each name that is in no list."""
    for use in _uses(integration):
        known = facts.names.get(use.entity, {})
        folded = {name.casefold() for name in known.values()} | {str(each) for each in known}
        for name in sorted(use.names):
            if name.casefold() not in folded:
                yield _became(use, name, _last(facts, use.entity, name, retyped=False))


def _became(use: _Use, name: str, change: ListChange | None) -> tuple[str, str]:
    words = f'spec.{use.field} names "{name}", which the PSA'
    if change is None:
        return "UnknownName", f"{words} does not have. {use.effect}: correct it, or take it out"
    when = f"{change.time:%Y-%m-%d}"
    if change.change == "removed":
        return "Removed", f"{words} has no more since {when}. {use.effect}: take it out"
    return "Renamed", f'{words} calls "{change.became}" since {when}. {use.effect}: write the new name'


def _wanted(integration: PSAIntegration) -> set[str] | None:
    """The custom fields that tickets come with, in lower case; None if that is all."""
    fields = integration.spec.tickets.custom_fields
    return None if fields is None or fields.names is None else {each.casefold() for each in fields.names}


def _lost(integration: PSAIntegration, facts: Facts) -> Iterator[tuple[str, str]]:
    """Custom fields that nobody named, as tickets come with all, and that went since the last Full run."""
    known = {each.casefold() for each in facts.names.get(Entity.CUSTOM_FIELDS, {}).values()}
    for change in facts.list_changes if _wanted(integration) is None else ():
        gone = change.entity is Entity.CUSTOM_FIELDS and change.change != "retyped"
        if gone and change.name.casefold() not in known and _since_full(facts, change):
            became = f'is called "{change.became}"' if change.became else "is no more"
            words = f'The custom field "{change.name}" {became} since {change.time:%Y-%m-%d}'
            means = "tickets that did not change since then still have it under that name"
            yield ("Renamed" if change.became else "Removed"), f"{words}: {means}. Make a Full run"


def _since_full(facts: Facts, change: ListChange) -> bool:
    return facts.last_full is None or change.time > facts.last_full.ended_at


def _retyped(integration: PSAIntegration, facts: Facts) -> Iterator[tuple[str, str]]:
    """Custom fields that tickets have and that changed their type since the last Full run."""
    wanted = _wanted(integration)
    for caption in sorted(facts.names.get(Entity.CUSTOM_FIELDS, {}).values()):
        change = _last(facts, Entity.CUSTOM_FIELDS, caption, retyped=True)
        if change is None or not _since_full(facts, change):
            continue
        if wanted is None or caption.casefold() in wanted:
            words = f'The custom field "{caption}" is of type {change.became} since {change.time:%Y-%m-%d}'
            means = "tickets that did not change since then have values of the former type"
            advice = "See that what reads it can do with both, and make a Full run"
            yield "Retyped", f"{words}: {means}. {advice}"


def _last(facts: Facts, entity: Entity, name: str, *, retyped: bool) -> ListChange | None:
    return next(
        (
            each
            for each in facts.list_changes
            if each.entity is entity
            and each.name.casefold() == name.casefold()
            and (each.change == "retyped") is retyped
        ),
        None,
    )
