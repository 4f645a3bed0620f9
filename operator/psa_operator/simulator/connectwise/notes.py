"""Notes of tickets: made from the seed when somebody asks for them, the same every time."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Final, Protocol

from psa_operator.simulator import words
from psa_operator.simulator.clock import seconds, stamp
from psa_operator.simulator.connectwise.refs import info
from psa_operator.simulator.shelf import Record

MOST: Final = 64  # notes of one ticket; their ids lie between 64 times its id and the next
_PROSE_LENGTH: Final = 64_000
_WITHOUT: Final = 0.03
_LONG_STORIES: Final = 0.05
_BY_CUSTOMER: Final = 0.25
_EDITED: Final = 0.1
_INTERNAL_FIRST: Final = 0.05
_DISCUSSION, _INTERNAL, _RESOLUTION = "detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"
_FLAGS: Final = ((_DISCUSSION,), (_INTERNAL,), (_RESOLUTION,), (_INTERNAL, _RESOLUTION))
_FLAG_WEIGHTS: Final = (60, 25, 10, 5)


class Subject(Protocol):
    """What a note must know of its ticket."""

    id: int
    owner: Record | None
    contact: Record | None
    entered: str
    updated: str


class NoteMaker:
    """Writes the notes that tickets had when the world began, `each` as many or as people do."""

    def __init__(self, seed: int, members: list[Record], each: int | None = None) -> None:
        self._seed, self._members, self._each = seed, members, each
        self._prose = words.prose(Random(seed), _PROSE_LENGTH)

    def make(self, ticket: Subject) -> list[Record]:
        """The notes of one ticket, in the order in which they were written."""
        rng = Random(self._seed * 1_000_003 + ticket.id)
        start, end = seconds(ticket.entered), seconds(ticket.updated)
        moments = [start, *sorted(rng.randint(start, end) for _ in range((self._each or _how_many(rng)) - 1))]
        if self._each is None and rng.random() < _WITHOUT:
            return []
        number = ticket.id * MOST
        made = []
        for place, moment in enumerate(moments):
            flags = _first_flags(rng) if place == 0 else rng.choices(_FLAGS, _FLAG_WEIGHTS)[0]
            last = rng.randint(moment, end) if rng.random() < _EDITED else moment
            made.append(self._one(rng, ticket, number + place, flags, (moment, last)))
        return made

    def text(self, rng: Random) -> str:
        return words.note(rng, self._prose)

    def _one(
        self, rng: Random, ticket: Subject, number: int, flags: tuple[str, ...], when: tuple[int, int]
    ) -> Record:
        private = _INTERNAL in flags
        by_customer = ticket.contact is not None and not private and rng.random() < _BY_CUSTOMER
        member = None if by_customer else ticket.owner or rng.choice(self._members)
        author = member["identifier"] if member else ticket.contact["name"] if ticket.contact else "System"
        entered, changed = map(stamp, when)
        return (
            blank_note(number, ticket.id)
            | dict.fromkeys(flags, True)
            | {
                "text": self.text(rng),
                "member": member,
                "contact": ticket.contact if by_customer else None,
                "customerUpdatedFlag": by_customer,
                "dateCreated": entered,
                "createdBy": author,
                "internalFlag": private,
                "externalFlag": not private,
                "_info": info(changed, author, entered),
            }
        )


def blank_note(number: int, ticket: int) -> Record:
    """A note without words or author."""
    return {
        "id": number,
        "ticketId": ticket,
        "text": "",
        _DISCUSSION: False,
        _INTERNAL: False,
        _RESOLUTION: False,
        "issueFlag": False,
        "member": None,
        "contact": None,
        "customerUpdatedFlag": False,
        "processNotifications": True,
        "dateCreated": None,
        "createdBy": None,
        "internalFlag": False,
        "externalFlag": True,
        "sentimentScore": None,
        "_info": None,
    }


def new_note(number: int, ticket: int, now: str, by: str) -> Record:
    """A note as somebody begins to write it."""
    return blank_note(number, ticket) | {"dateCreated": now, "createdBy": by, "_info": info(now, by)}


def _how_many(rng: Random) -> int:
    if rng.random() < _LONG_STORIES:
        return rng.randint(26, MOST - 1)
    return min(20, 1 + int(rng.expovariate(0.4)))


def _first_flags(rng: Random) -> tuple[str, ...]:
    """A ticket begins with its description; now and then a technician's remark comes before it."""
    return (_INTERNAL,) if rng.random() < _INTERNAL_FIRST else (_DISCUSSION,)


def all_notes(ticket: Record, notes: Iterator[Record], entries: Iterator[Record]) -> list[Record]:
    """What a ticket's discussion shows: its notes and the words of its time entries, as one model."""
    return [_from_note(ticket, note) for note in notes] + [
        _from_entry(ticket, entry) for entry in entries if entry["notes"]
    ]


def _from_note(ticket: Record, note: Record) -> Record:
    return _shown(ticket, note, "TicketNote", note["text"], lambda flag: bool(note[flag])) | {
        "issueFlag": note["issueFlag"],
        "originalAuthor": note["createdBy"],
        "contact": note["contact"],
    }


def _from_entry(ticket: Record, entry: Record) -> Record:
    def flagged(flag: str) -> bool:
        return bool(entry[f"addTo{flag[0].upper()}{flag[1:]}"])

    return _shown(ticket, entry, "TimeEntryNote", entry["notes"], flagged) | {
        "timeStart": entry["timeStart"],
        "timeEnd": entry["timeEnd"],
        "originalAuthor": entry["enteredBy"],
    }


def _shown(ticket: Record, like: Record, kind: str, text: str, flagged: Callable[[str], bool]) -> Record:
    return {
        "id": like["id"],
        "noteType": kind,
        "ticket": ticket,
        "text": text,
        "isMarkdownFlag": isinstance(text, str) and text.startswith("## "),
        **{flag: flagged(flag) for flag in (_DISCUSSION, _INTERNAL, _RESOLUTION)},
        "timeStart": None,
        "timeEnd": None,
        "bundledFlag": False,
        "mergedFlag": False,
        "issueFlag": False,
        "originalAuthor": None,
        "createdByParentFlag": False,
        "member": like["member"],
        "contact": None,
        "_info": like["_info"],
    }
