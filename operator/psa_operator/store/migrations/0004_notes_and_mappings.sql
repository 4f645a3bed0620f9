-- Runs before the code that needs it; the code before it leaves these tables alone.

CREATE TABLE note (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ticket_id       bigint NOT NULL,
    text            text NOT NULL,
    discussion      boolean NOT NULL,
    internal        boolean NOT NULL,
    resolution      boolean NOT NULL,
    member_id       bigint,
    contact_id      bigint,
    author          text,
    created_at      timestamptz,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    -- The actions are for a release that knows nothing of notes, and deletes what they refer to.
    FOREIGN KEY (integration_id, ticket_id) REFERENCES ticket ON DELETE CASCADE,
    FOREIGN KEY (integration_id, member_id) REFERENCES member ON DELETE SET NULL (member_id),
    FOREIGN KEY (integration_id, contact_id) REFERENCES contact ON DELETE SET NULL (contact_id)
);
COMMENT ON COLUMN note.discussion IS 'Customers read it; the first of a ticket is its description.';
COMMENT ON COLUMN note.internal IS 'The PSA''s internal analysis, which customers must not read.';
CREATE INDEX note_by_ticket ON note (integration_id, ticket_id);
CREATE INDEX note_by_contact ON note (integration_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE time_entry (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ticket_id       bigint NOT NULL,
    member_id       bigint,
    work_type       text,
    work_role       text,
    started_at      timestamptz,
    ended_at        timestamptz,
    hours           double precision,
    billable        text,
    status          text,
    notes           text,
    internal_notes  text,
    entered_by      text,
    entered_at      timestamptz,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, ticket_id) REFERENCES ticket ON DELETE CASCADE,
    FOREIGN KEY (integration_id, member_id) REFERENCES member ON DELETE SET NULL (member_id)
);
COMMENT ON COLUMN time_entry.internal_notes IS 'Customers must not read it.';
CREATE INDEX time_entry_by_ticket ON time_entry (integration_id, ticket_id);

ALTER TABLE status ADD COLUMN mapped text;
COMMENT ON COLUMN status.mapped IS 'What the portal calls it by spec.mappings; NULL where that is silent.';
ALTER TABLE priority ADD COLUMN mapped text;
COMMENT ON COLUMN priority.mapped IS 'What the portal calls it by spec.mappings; NULL where that is silent.';
ALTER TABLE {stage}.quick_status ADD COLUMN mapped text;
ALTER TABLE {stage}.quick_priority ADD COLUMN mapped text;

-- A column may only be added at the end; the rest is as it was.
CREATE OR REPLACE VIEW visible_ticket WITH (security_invoker = true) AS
SELECT ticket.id, integration.key AS integration, ticket.psa_id, ticket.summary,
       board.name AS board, status.name AS status, ticket_type.name AS type, priority.name AS priority,
       company.name AS company, concat_ws(' ', contact.first_name, contact.last_name) AS contact,
       owner.name AS owner,
       ARRAY(SELECT member.name FROM ticket_technician
               JOIN member ON (member.integration_id, member.psa_id)
                            = (ticket_technician.integration_id, ticket_technician.member_id)
              WHERE (ticket_technician.integration_id, ticket_technician.ticket_id)
                  = (ticket.integration_id, ticket.psa_id)
              ORDER BY member.name) AS technicians,
       ticket.severity, ticket.impact, ticket.source, ticket.closed, ticket.parent_id,
       ticket.budget_hours, ticket.actual_hours, ticket.required_at, ticket.closed_at,
       ticket.entered_at, ticket.updated_at, ticket.custom_fields, ticket.stale,
       ticket.changed_by_run, ticket.changed_at,
       (SELECT note.text FROM note
         WHERE (note.integration_id, note.ticket_id) = (ticket.integration_id, ticket.psa_id)
           AND note.discussion
         ORDER BY note.created_at, note.psa_id LIMIT 1) AS description,
       coalesce(status.mapped, status.name) AS portal_status,
       coalesce(priority.mapped, priority.name) AS portal_priority
  FROM ticket
  JOIN integration ON integration.id = ticket.integration_id
  LEFT JOIN board ON (board.integration_id, board.psa_id) = (ticket.integration_id, ticket.board_id)
  LEFT JOIN status ON (status.integration_id, status.psa_id) = (ticket.integration_id, ticket.status_id)
  LEFT JOIN ticket_type
         ON (ticket_type.integration_id, ticket_type.psa_id) = (ticket.integration_id, ticket.type_id)
  LEFT JOIN priority
         ON (priority.integration_id, priority.psa_id) = (ticket.integration_id, ticket.priority_id)
  LEFT JOIN company ON (company.integration_id, company.psa_id) = (ticket.integration_id, ticket.company_id)
  LEFT JOIN contact ON (contact.integration_id, contact.psa_id) = (ticket.integration_id, ticket.contact_id)
  LEFT JOIN member AS owner
         ON (owner.integration_id, owner.psa_id) = (ticket.integration_id, ticket.owner_id)
 WHERE ticket.out_of_scope IS NULL;

CREATE VIEW visible_note WITH (security_invoker = true) AS
SELECT note.id, integration.key AS integration, note.psa_id, note.ticket_id, note.text,
       note.discussion, note.internal, note.resolution,
       coalesce(member.name, nullif(concat_ws(' ', contact.first_name, contact.last_name), ''),
                note.author) AS author,
       note.created_at, note.updated_at, note.stale, note.changed_by_run, note.changed_at
  FROM note
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (note.integration_id, note.ticket_id)
  JOIN integration ON integration.id = note.integration_id
  LEFT JOIN member ON (member.integration_id, member.psa_id) = (note.integration_id, note.member_id)
  LEFT JOIN contact ON (contact.integration_id, contact.psa_id) = (note.integration_id, note.contact_id)
 WHERE ticket.out_of_scope IS NULL;
COMMENT ON VIEW visible_note IS 'The notes of visible tickets, internal ones included: look at discussion.';

CREATE VIEW visible_time_entry WITH (security_invoker = true) AS
SELECT time_entry.id, integration.key AS integration, time_entry.psa_id, time_entry.ticket_id,
       member.name AS member, time_entry.work_type, time_entry.work_role, time_entry.started_at,
       time_entry.ended_at, time_entry.hours, time_entry.billable, time_entry.status, time_entry.notes,
       time_entry.internal_notes, time_entry.entered_by, time_entry.entered_at, time_entry.updated_at,
       time_entry.stale, time_entry.changed_by_run, time_entry.changed_at
  FROM time_entry
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (time_entry.integration_id, time_entry.ticket_id)
  JOIN integration ON integration.id = time_entry.integration_id
  LEFT JOIN member
         ON (member.integration_id, member.psa_id) = (time_entry.integration_id, time_entry.member_id)
 WHERE ticket.out_of_scope IS NULL;

ALTER TABLE quarantine ADD COLUMN ticket_id bigint;
COMMENT ON COLUMN quarantine.ticket_id IS 'The ticket of a note, which is read with the ticket''s others.';

ALTER TABLE {stage}.refused ADD COLUMN ticket_id bigint;

-- Of which tickets all notes or time entries were read, and how the ticket was stamped then.
CREATE UNLOGGED TABLE {stage}.ticket_read (
    run         bigint NOT NULL,
    entity      text NOT NULL,
    ticket_id   bigint NOT NULL,
    updated_at  timestamptz,
    PRIMARY KEY (run, entity, ticket_id)
);

CREATE UNLOGGED TABLE {stage}.quick_note (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    ticket_id   bigint,
    text        text,
    discussion  boolean,
    internal    boolean,
    resolution  boolean,
    member_id   bigint,
    contact_id  bigint,
    author      text,
    created_at  timestamptz,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_note_key ON {stage}.quick_note (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_time_entry (
    run             bigint NOT NULL,
    psa_id          bigint NOT NULL,
    ticket_id       bigint,
    member_id       bigint,
    work_type       text,
    work_role       text,
    started_at      timestamptz,
    ended_at        timestamptz,
    hours           double precision,
    billable        text,
    status          text,
    notes           text,
    internal_notes  text,
    entered_by      text,
    entered_at      timestamptz,
    updated_at      timestamptz,
    origin          text
);
CREATE UNIQUE INDEX quick_time_entry_key ON {stage}.quick_time_entry (run, psa_id);
