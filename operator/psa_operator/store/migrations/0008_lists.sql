-- Runs before the code that needs it; the code before it leaves these tables and columns alone.

CREATE TABLE company_status (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE company_type (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

ALTER TABLE company
    ADD COLUMN status_id bigint,
    ADD COLUMN type_ids  bigint[],
    ADD FOREIGN KEY (integration_id, status_id) REFERENCES company_status;
COMMENT ON COLUMN company.type_ids IS 'The psa_id of each company_type that it has; NULL: the PSA does not say.';

CREATE UNLOGGED TABLE {stage}.quick_company_status (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_company_status_key ON {stage}.quick_company_status (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_company_type (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_company_type_key ON {stage}.quick_company_type (run, psa_id);

ALTER TABLE {stage}.quick_company ADD COLUMN status_id bigint, ADD COLUMN type_ids bigint[];

-- The actions are for a release that knows nothing of these, and deletes the boards that they belong to.

CREATE TABLE ticket_subtype (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    board_id        bigint,
    name            text NOT NULL,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, board_id) REFERENCES board ON DELETE CASCADE
);

CREATE TABLE ticket_item (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    board_id        bigint,
    name            text NOT NULL,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, board_id) REFERENCES board ON DELETE CASCADE
);

CREATE TABLE ticket_source (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE service_location (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    place           text,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

ALTER TABLE ticket
    ADD COLUMN subtype_id   bigint,
    ADD COLUMN item_id      bigint,
    ADD COLUMN source_id    bigint,
    ADD COLUMN location_id  bigint,
    ADD COLUMN project      boolean NOT NULL DEFAULT false,
    ADD COLUMN project_name text,
    ADD COLUMN phase        text,
    ADD FOREIGN KEY (integration_id, subtype_id) REFERENCES ticket_subtype ON DELETE SET NULL (subtype_id),
    ADD FOREIGN KEY (integration_id, item_id) REFERENCES ticket_item ON DELETE SET NULL (item_id),
    ADD FOREIGN KEY (integration_id, source_id) REFERENCES ticket_source,
    ADD FOREIGN KEY (integration_id, location_id) REFERENCES service_location;
COMMENT ON COLUMN ticket.project IS 'It belongs to a project, not to the service desk.';
COMMENT ON COLUMN ticket.source IS 'The name of ticket_source, as the ticket has it.';

CREATE UNLOGGED TABLE {stage}.quick_ticket_subtype (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    board_id    bigint,
    name        text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_ticket_subtype_key ON {stage}.quick_ticket_subtype (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_ticket_item (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    board_id    bigint,
    name        text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_ticket_item_key ON {stage}.quick_ticket_item (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_ticket_source (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_ticket_source_key ON {stage}.quick_ticket_source (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_service_location (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    place       text,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_service_location_key ON {stage}.quick_service_location (run, psa_id);

ALTER TABLE {stage}.quick_ticket
    ADD COLUMN subtype_id   bigint,
    ADD COLUMN item_id      bigint,
    ADD COLUMN source_id    bigint,
    ADD COLUMN location_id  bigint,
    ADD COLUMN project      boolean,
    ADD COLUMN project_name text,
    ADD COLUMN phase        text;

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
       coalesce(priority.mapped, priority.name) AS portal_priority,
       ticket_subtype.name AS sub_type, ticket_item.name AS item, service_location.name AS location,
       ticket.project, ticket.project_name, ticket.phase
  FROM ticket
  JOIN integration ON integration.id = ticket.integration_id
  LEFT JOIN board ON (board.integration_id, board.psa_id) = (ticket.integration_id, ticket.board_id)
  LEFT JOIN status ON (status.integration_id, status.psa_id) = (ticket.integration_id, ticket.status_id)
  LEFT JOIN ticket_type
         ON (ticket_type.integration_id, ticket_type.psa_id) = (ticket.integration_id, ticket.type_id)
  LEFT JOIN ticket_subtype ON (ticket_subtype.integration_id, ticket_subtype.psa_id)
                            = (ticket.integration_id, ticket.subtype_id)
  LEFT JOIN ticket_item
         ON (ticket_item.integration_id, ticket_item.psa_id) = (ticket.integration_id, ticket.item_id)
  LEFT JOIN service_location ON (service_location.integration_id, service_location.psa_id)
                              = (ticket.integration_id, ticket.location_id)
  LEFT JOIN priority
         ON (priority.integration_id, priority.psa_id) = (ticket.integration_id, ticket.priority_id)
  LEFT JOIN company ON (company.integration_id, company.psa_id) = (ticket.integration_id, ticket.company_id)
  LEFT JOIN contact ON (contact.integration_id, contact.psa_id) = (ticket.integration_id, ticket.contact_id)
  LEFT JOIN member AS owner
         ON (owner.integration_id, owner.psa_id) = (ticket.integration_id, ticket.owner_id)
 WHERE ticket.out_of_scope IS NULL;

-- The view reads with the rights of who asks: who could read the names of types needs those of the others.
DO $$
DECLARE
    reader text;
BEGIN
    FOR reader IN
        SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
          FROM pg_class, aclexplode(relacl)
         WHERE oid = 'ticket_type'::regclass AND privilege_type = 'SELECT' AND grantee <> relowner
    LOOP
        EXECUTE 'GRANT SELECT ON ticket_subtype, ticket_item, service_location TO ' || reader;
    END LOOP;
END $$;
