"""What the portal calls things: the user's names for statuses, priorities and custom fields."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from psa_operator.sync.entities import Entity
from psa_operator.sync.job import Job
from psa_operator.sync.ports import Page
from psa_operator.sync.records import CustomField, Priority, Record, Status, Ticket
from psa_operator.sync.scope import quoted
from psa_operator.sync.spec import CustomFields, Mappings


class Mapper:
    """Writes the user's names into the PSA's records.

    `defined` are the PSA's custom fields, as far as they are known. Those that are `kept` have the PSA's
    caption, because another one has the user's name for them.
    """

    def __init__(
        self, mappings: Mappings, custom_fields: CustomFields, defined: Iterable[Record] = ()
    ) -> None:
        self._statuses = _folded(mappings.statuses)
        self._priorities = _folded(mappings.priorities)
        wanted = custom_fields.wanted
        self._wanted = None if wanted is None else {caption.casefold() for caption in wanted}
        self._renamed = _folded(dict(custom_fields.renamed))
        self.kept = {
            caption: self._renamed[caption.casefold()]
            for caption, name in self._apart(_names(defined)).items()
            if name != self._renamed.get(caption.casefold(), caption)
        }
        for caption in self.kept:
            self._renamed.pop(caption.casefold(), None)

    def mapped(self, page: Page) -> Page:
        """The page with the user's names."""
        concerned = {
            Entity.STATUSES: bool(self._statuses),
            Entity.PRIORITIES: bool(self._priorities),
            Entity.TICKETS: self._wanted is not None or bool(self._renamed),
        }
        if not concerned.get(page.entity):
            return page
        return msgspec.structs.replace(page, records=[self._one(each) for each in page.records])

    def holds(self, records: Iterable[Record]) -> bool:
        """Whether live statuses and priorities were mapped just so."""
        return all(self._one(each) == each for each in records)

    def lacks(self, entity: Entity, record_id: int, name: str) -> bool:
        """Whether the user gave names to some statuses or priorities, and none to this one."""
        names = {Entity.STATUSES: self._statuses, Entity.PRIORITIES: self._priorities}.get(entity)
        return bool(names) and _found(names or {}, record_id, name) is None

    def _one(self, record: Record) -> Record:
        match record:
            case Status():
                return msgspec.structs.replace(record, mapped=_found(self._statuses, record.id, record.name))
            case Priority():
                return msgspec.structs.replace(
                    record, mapped=_found(self._priorities, record.id, record.name)
                )
            case Ticket(custom_fields=bytes() as written):
                return msgspec.structs.replace(record, custom_fields=self._selected(written))
            case _:
                return record

    def _selected(self, written: bytes) -> bytes | None:
        values = msgspec.json.decode(written, type=dict[str, msgspec.Raw])
        selected = {name: values[caption] for caption, name in self._apart(values).items()}
        return msgspec.json.encode(selected) if selected else None

    def _apart(self, captions: Iterable[str]) -> dict[str, str]:
        """The names of the wanted fields: the user's, or the PSA's where two fields would have one."""
        wanted = (each for each in captions if self._wanted is None or each.casefold() in self._wanted)
        names = {caption: self._renamed.get(caption.casefold(), caption) for caption in wanted}
        while len(uses := Counter(names.values())) < len(names):
            names = {caption: name if uses[name] == 1 else caption for caption, name in names.items()}
        return names


def _found(names: Mapping[str, str], record_id: int, name: str) -> str | None:
    return names.get(name.casefold()) or names.get(str(record_id))


def warn_of_unknown(job: Job, reference: Mapping[Entity, Iterable[Record]]) -> None:
    """Say which names in the settings the PSA does not have: they have no effect."""
    given, fields = job.spec.mappings, _captions(job.spec.scope.custom_fields)
    for entity, field, written in (
        (Entity.STATUSES, "mappings.statuses", given.statuses),
        (Entity.PRIORITIES, "mappings.priorities", given.priorities),
        (Entity.CUSTOM_FIELDS, "tickets.customFields or mappings.fields", fields),
    ):
        if entity not in reference:
            continue
        known = list(_names(reference[entity]))
        folded = {each.casefold() for each in known}
        unknown = [each for each in written if each.casefold() not in folded]
        if unknown:
            there = quoted(each for each in known if not each.isdecimal())
            job.warn(
                "UnknownName",
                None,
                f"spec.{field} names {quoted(unknown)}, which the PSA does not have; it has {there}",
            )


def warn_of_kept(job: Job, mapper: Mapper) -> None:
    """Say which custom fields are not renamed, because another one is called so."""
    for caption, name in mapper.kept.items():
        job.warn(
            "NameTaken",
            None,
            f'spec.mappings.fields calls "{caption}" "{name}", and so is another custom field: it keeps the '
            "PSA's caption, or one value would hide the other. Write another name",
        )


def _folded(names: Mapping[str, str]) -> dict[str, str]:
    return {name.casefold(): mapped for name, mapped in names.items()}


def _names(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        match record:
            case Status() | Priority():
                yield from (record.name, str(record.id))
            case CustomField():
                yield record.caption


def _captions(fields: CustomFields) -> set[str]:
    return {*(fields.wanted or ()), *(caption for caption, _ in fields.renamed)}
