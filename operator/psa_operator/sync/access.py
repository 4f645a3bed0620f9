"""What a run cannot do without, and of which areas it leaves everything as it is if it may not read them."""

from collections.abc import Collection, Iterable

from psa_operator.errors import PermissionDeniedError
from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.ports import Access, Permission
from psa_operator.sync.spec import Selection, TicketScope

DISPENSABLE: frozenset[str] = frozenset(
    {
        Entity.TYPES,
        Entity.SUBTYPES,
        Entity.ITEMS,
        Entity.SOURCES,
        Entity.LOCATIONS,
        Entity.CUSTOM_FIELDS,
        Entity.COMPANY_STATUSES,
        Entity.COMPANY_TYPES,
        Entity.CONTACTS,
        Entity.NOTES,
        Entity.TIME_ENTRIES,
        PROJECT_TICKETS,
    }
)
"""Areas without which tickets are still right, though there is less about them."""

_EVERYTHING = Selection()


def dispensable(scope: TicketScope, only: Selection = _EVERYTHING) -> frozenset[str]:
    """The areas that a run can do without: not what the user names or decides the scope by."""
    companies = scope.companies
    decides = {
        Entity.COMPANY_STATUSES: companies.exclude_inactive or bool(companies.excluded_statuses),
        Entity.COMPANY_TYPES: bool(companies.excluded_types),
    }
    return DISPENSABLE.difference(only.entities, (entity for entity, needed in decides.items() if needed))


def denied(permissions: Iterable[Permission]) -> list[Permission]:
    """Those that the PSA refuses; what it did not say is no refusal."""
    return [each for each in permissions if each.access is Access.DENIED]


def refusal(closed: Iterable[Permission], dispensable: Collection[str] = ()) -> PermissionDeniedError | None:
    """Areas that may not be read and are not dispensable, as one problem, if there are any."""
    missing = [each for each in closed if each.area not in dispensable]
    if not missing:
        return None
    areas = ", ".join(each.area for each in missing)
    details = "; ".join(each.detail for each in missing if each.detail)
    return PermissionDeniedError(
        f"The PSA's role may not read {areas}: give the API member's security role the right to inquire "
        f"them. {details}".strip(),
        area=areas,
    )
