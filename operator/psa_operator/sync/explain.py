"""Why a ticket is there or not, in the order in which a person would look for it.

Connection, permission, whether the PSA has it, whether its record fits, scope, what is here of it, mappings.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import msgspec
from msgspec import Struct

from psa_operator.errors import PermissionDeniedError, PsaOperatorError, StalledError, TransientError
from psa_operator.sync import access, compare
from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.intake import named
from psa_operator.sync.mapping import Mapper
from psa_operator.sync.named import known_scope
from psa_operator.sync.outcome import Explanation, Verdict
from psa_operator.sync.ports import Page, Permission, Refused, Source
from psa_operator.sync.prove import gone
from psa_operator.sync.records import Company, Member, Ticket
from psa_operator.sync.scope import (
    BOARD_NOT_SELECTED,
    CLOSED,
    COMPANY_EXCLUDED,
    OUTSIDE_DATE_RANGE,
    STATUS_EXCLUDED,
    UNKNOWN_NAMES,
    ResolvedScope,
)
from psa_operator.sync.spec import CustomFields, Mappings, RunSpec
from psa_operator.sync.storage import Archive, Kept, Unfit

_SCOPE_WORDS = {
    BOARD_NOT_SELECTED: 'it is on the board "{board}", which spec.tickets.boards does not select',
    STATUS_EXCLUDED: 'its status is "{status}", which spec.tickets.excludedStatuses names',
    CLOSED: "it is closed, and spec.tickets.includeClosed is false",
    OUTSIDE_DATE_RANGE: "its {field} is {stamp}, outside of spec.tickets.dateRange",
    COMPANY_EXCLUDED: 'its company "{company}" is one that spec.companies leaves out, by its status'
    " ({company_status}) or its types",
}


_NOTHING_MAPPED = Mapper(Mappings(), CustomFields())


class _Said(Struct, frozen=True):
    """What the PSA says of the tickets, or why it could not be asked."""

    problem: PsaOperatorError | None = None
    scope: ResolvedScope = ResolvedScope()
    pages: Sequence[Page] = ()
    companies: Mapping[int, Company] = {}
    gone: frozenset[int] = frozenset()
    mapper: Mapper = _NOTHING_MAPPED
    denied: Mapping[str, Permission] = {}

    def record(self, ticket_id: int) -> Ticket | Refused | None:
        every = chain.from_iterable((*page.records, *page.refused) for page in self.pages)
        found = (each for each in every if isinstance(each, Ticket | Refused) and each.id == ticket_id)
        return next(found, None)

    def name(self, entity: Entity, record_id: int | None) -> str:
        known = (page.names.get(entity, {}).get(record_id or 0) for page in self.pages)
        return next((name for name in known if name), f"#{record_id}")

    def assigned(self, ticket_id: int) -> tuple[str, ...]:
        return next((page.resources[ticket_id] for page in self.pages if ticket_id in page.resources), ())


class _Known(Struct, frozen=True):
    """What the database says: `since` is the time from which on the next Quick run reads changes."""

    here: dict[int, Kept]
    unfit: dict[int, Unfit]
    members: dict[str, int]
    since: datetime | None


async def explain(spec: RunSpec, source: Source, archive: Archive) -> list[Explanation]:
    """Say of each named ticket whether readers see it, and why. Writes nothing."""
    ids = list(dict.fromkeys(spec.only.ticket_ids))
    known = await _look(spec, archive, ids)
    said = await _ask(spec, source, archive, ids)
    return [_Case(each, said, known).explanation() for each in ids]


async def _ask(spec: RunSpec, source: Source, archive: Archive, ids: list[int]) -> _Said:
    try:
        server = await source.server()
        await archive.check_identity(spec.account.provider, server.identity)
        closed = {each.area: each for each in access.denied(await source.probe(spec.scope.left_out))}
        if problem := access.refusal(closed.values(), access.dispensable(spec.scope)):
            return _Said(problem)
        source.do_without(closed)
        defined = await archive.reference(Entity.CUSTOM_FIELDS)
        mapper = Mapper(spec.mappings, spec.scope.custom_fields, defined)
        scope = await known_scope(spec, source, archive, server.now, closed)
        pages = [mapper.mapped(page) async for page in named(source, Entity.TICKETS, ids)]
        companies = await _companies(source, scope, pages)
        excluded = frozenset(each.id for each in companies.values() if scope.companies.excludes(each))
        scope = msgspec.structs.replace(scope, excluded_companies=excluded)
        said = _Said(None, scope, pages, companies, mapper=mapper, denied=closed)
        missing = [each for each in ids if said.record(each) is None]
        return msgspec.structs.replace(said, gone=frozenset(await gone(source, Entity.TICKETS, missing)))
    except (StalledError, TransientError) as error:
        return _Said(error)


async def _companies(source: Source, scope: ResolvedScope, pages: Sequence[Page]) -> dict[int, Company]:
    """The companies of the tickets as the PSA has them, if they matter."""
    if not scope.companies.limits:
        return {}
    tickets = chain.from_iterable(page.records for page in pages)
    ids = {each.company_id for each in tickets if isinstance(each, Ticket) and each.company_id}
    page = await source.fetch(Entity.COMPANIES, sorted(ids))
    return {each.id: each for each in page.records if isinstance(each, Company)}


async def _look(spec: RunSpec, archive: Archive, ids: list[int]) -> _Known:
    mark = (await archive.marks()).get(Entity.TICKETS)
    members = [each for each in await archive.reference(Entity.MEMBERS) if isinstance(each, Member)]
    return _Known(
        await archive.tickets(ids),
        await archive.unfit(ids),
        {each.identifier.lower(): each.id for each in members},
        mark.watermark - spec.overlap if mark and mark.watermark else None,
    )


class _Case:
    """One ticket: what the PSA and the database say of it."""

    def __init__(self, ticket_id: int, said: _Said, known: _Known) -> None:
        self._id = ticket_id
        self._said = said
        self._known = known
        self._here = known.here.get(ticket_id)

    def explanation(self) -> Explanation:
        reason, detail = self._why()
        return Explanation(
            self._id,
            self._verdict(),
            reason,
            " ".join((*detail, *self._denied(reason), self._history())).strip(),
        )

    def _denied(self, reason: str) -> Iterator[str]:
        """What there is less of, if that is not the reason."""
        problem = access.refusal(self._said.denied.values())
        if problem and problem.reason != reason:
            yield f"{str(problem).rstrip('.')}. Until then what is here of it stays as it is."

    def _verdict(self) -> Verdict:
        if self._here is None:
            return Verdict.ABSENT
        return Verdict.HIDDEN if self._here.out_of_scope else Verdict.SHOWN

    def _why(self) -> tuple[str, Sequence[str]]:
        """The first stage that has an answer: its reason, and sentences."""
        if self._said.problem is not None:
            return self._unasked(self._said.problem)
        record = self._said.record(self._id)
        match record:
            case None:
                return self._not_given()
            case Refused():
                return self._refused(record)
            case Ticket():
                if obstacle := self._said.scope.obstacle(record):
                    return self._out_of_scope(record, obstacle)
                return self._in_scope(record)

    def _unasked(self, problem: PsaOperatorError) -> tuple[str, Sequence[str]]:
        stage = "Permission" if isinstance(problem, PermissionDeniedError) else "Connection"
        if problem.reason in UNKNOWN_NAMES:
            stage = "Scope"
        unfit = self._known.unfit.get(self._id)
        aside = f"At the last try its record did not fit: {unfit.field}: {unfit.reason}." if unfit else ""
        hidden = (
            f"It is hidden ({self._here.out_of_scope})." if self._here and self._here.out_of_scope else ""
        )
        sentence = f"{stage}: {problem}".rstrip(".")
        mend = "Until that is mended, no run brings or changes it."
        return problem.reason, [each for each in (f"{sentence}.", mend, aside, hidden) if each]

    def _not_given(self) -> tuple[str, Sequence[str]]:
        projects = self._said.denied.get(PROJECT_TICKETS)
        if projects and (problem := access.refusal([projects])):
            return self._unasked(problem)
        if self._id not in self._said.gone:
            return "NotListed", (
                "The PSA's list does not have it, while it does not say either that it is gone.",
                "Ask again; if it stays so, ask the PSA's support.",
            )
        words = "The PSA does not have it, or does not show it to our API member."
        mends = f"A Prune or a Full run removes it, also one with ticketIds: [{self._id}]."
        return "NotInPSA", (words, mends if self._here else "")

    def _refused(self, refused: Refused) -> tuple[str, Sequence[str]]:
        return "RecordRefused", (
            f"Its record does not fit: {refused.field}: {refused.reason}.",
            "Correct it in the PSA; every Quick run tries it again.",
            "What is here is the last record that did fit." if self._here else "",
        )

    def _out_of_scope(self, ticket: Ticket, obstacle: str) -> tuple[str, Sequence[str]]:
        scope = self._said.scope
        stamp = scope.stamp(ticket)
        why = _SCOPE_WORDS[obstacle].format(
            board=self._said.name(Entity.BOARDS, ticket.board_id),
            status=self._said.name(Entity.STATUSES, ticket.status_id),
            company=self._said.name(Entity.COMPANIES, ticket.company_id),
            company_status=self._company_status(ticket),
            field=scope.date_field,
            stamp=_time(stamp) if stamp else "not known",
        )
        return obstacle[0].upper() + obstacle[1:], (f"Out of scope: {why}.", self._leaves(ticket))

    def _company_status(self, ticket: Ticket) -> str:
        company = self._said.companies.get(ticket.company_id or 0)
        return f'"{company.status}"' if company and company.status else "none"

    def _leaves(self, ticket: Ticket) -> str:
        """What an out of scope ticket still waits for: to go, or that the user wants it."""
        obstacle = self._said.scope.obstacle(ticket)
        if self._here is None or self._here.out_of_scope:
            field = "spec.companies" if obstacle == COMPANY_EXCLUDED else "spec.tickets"
            return f"To have it, change the integration's {field} and make a Full run."
        if self._said.scope.obstacle(self._here.ticket) in {OUTSIDE_DATE_RANGE, COMPANY_EXCLUDED}:
            return "The next Quick run hides it."
        return self._mends(ticket, "hides")

    def _in_scope(self, ticket: Ticket) -> tuple[str, Sequence[str]]:
        here = self._here
        if here is None:
            return "NotBroughtYet", ("The PSA has it in scope.", self._mends(ticket, "brings"))
        if here.out_of_scope == COMPANY_EXCLUDED and here.ticket.company_id == ticket.company_id:
            was = f"It was hidden ({COMPANY_EXCLUDED}), but its company is not left out any more."
            mends = "The next Quick run shows it if its company changed since the last one, else a Full run."
            return "HiddenYet", (was, mends)
        if here.out_of_scope:
            was = f"It was hidden ({here.out_of_scope}), but is in scope now."
            return "HiddenYet", (was, self._mends(ticket, "shows"))
        assigned = {self._known.members.get(each.lower()) for each in self._said.assigned(self._id)}
        differing = compare.differing(ticket, here.ticket)
        if assigned - {None} != here.technicians:
            differing.append("technicians")
        wrong = [each for each in differing if each not in here.unsent]
        unsent = self._unsent([each for each in differing if each in here.unsent])
        if wrong:
            words = f"It differs from the PSA in {', '.join(wrong)}."
            return "Differs", (words, self._mends(ticket, "mends"), *unsent)
        if unsent:
            return "LocalChange", unsent
        if here.stale:
            return "Stale", ("It is marked stale, though its record fits.", self._mends(ticket, "settles"))
        return "UpToDate", ("It is as the PSA has it.", *self._unmapped(ticket))

    def _unsent(self, columns: Sequence[str]) -> Sequence[str]:
        if not columns:
            return ()
        words = f"The portal changed {', '.join(columns)}, which the PSA does not have yet."
        held = "see status.pendingLocalChanges of the integration"
        return words, f"The next Quick or Full run sends it, unless it is held: {held}."

    def _unmapped(self, ticket: Ticket) -> Iterator[str]:
        for entity, record_id in (
            (Entity.STATUSES, ticket.status_id),
            (Entity.PRIORITIES, ticket.priority_id),
        ):
            name = self._said.name(entity, record_id)
            if record_id and self._said.mapper.lacks(entity, record_id, name):
                yield f'spec.mappings.{entity} has no name for "{name}", so it keeps that one.'

    def _mends(self, ticket: Ticket, does: str) -> str:
        """Which run does it: a Quick run reads what changed lately or did not fit, and no older records."""
        changed, since, here = ticket.updated_at, self._known.since, self._here
        single = f"ticketIds: [{self._id}]"
        older = here and here.ticket.updated_at and (changed is None or changed < here.ticket.updated_at)
        if older:
            return f"A Full run {does} it, also one with {single}: what is here claims to be newer."
        if since is None or (changed and changed >= since) or self._id in self._known.unfit:
            return f"The next Quick run {does} it."
        return (
            f"No Quick run {does} it, for it was last changed at {_time(changed) if changed else 'no time'}; "
            f"a Full run {does} it, and so does a Quick or Full run with {single}."
        )

    def _history(self) -> str:
        if self._here is None:
            return ""
        since = f"There since {_time(self._here.since)}, last" if self._here.since else "There, last"
        return f"{since} changed at {_time(self._here.changed_at)} by run {self._here.changed_by}."


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
