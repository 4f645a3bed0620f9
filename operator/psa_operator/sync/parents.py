"""No record without its parents: unknown ones are fetched by id, else what is known of them is kept."""

from psa_operator.sync import companies
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.storage import Stage

_ORDER = (
    Entity.CONTACTS,
    Entity.COMPANIES,
    Entity.STATUSES,
    Entity.TYPES,
    Entity.SUBTYPES,
    Entity.ITEMS,
    Entity.SOURCES,
    Entity.LOCATIONS,
    Entity.PRIORITIES,
    Entity.MEMBERS,
    Entity.COMPANY_STATUSES,
    Entity.BOARDS,
)
"""Children first: a fetched contact may refer to a company that is unknown as well."""


async def complete(job: Job, stage: Stage, intake: Intake) -> None:
    """Fetch parents that are missing in the stage; put in a stub for those that the PSA does not give."""
    unknown = await stage.missing_parents()
    for entity in _ORDER:
        if not unknown.get(entity):
            continue
        denied = entity in job.denied
        given = set() if denied else await intake.fetch(entity, sorted(unknown[entity]))
        unknown = await stage.missing_parents()
        # One that was given and did not fit is missing as well.
        absent = unknown.get(entity, {})
        await stage.add_stubs(entity, absent)
        for record_id, name in absent.items():
            if denied or record_id in given:
                continue
            job.warn(
                "UnknownParent", record_id, f'{entity}: "{name}" is referred to, but the PSA does not give it'
            )
    await companies.settle(job, stage, intake)
