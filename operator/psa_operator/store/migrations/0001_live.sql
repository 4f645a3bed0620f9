-- Runs before the code that needs it. The search path is the product's schema; {stage} is the schema
-- of staged rows.

CREATE TABLE integration (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key               text NOT NULL UNIQUE,
    provider          text,
    identity          text,
    last_full_config  text,
    created_at        timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE integration IS 'One PSA account; every other row belongs to one of these.';

CREATE TABLE run (
    id                uuid PRIMARY KEY,
    number            bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    integration_id    bigint NOT NULL REFERENCES integration,
    name              text NOT NULL,
    mode              text NOT NULL,
    effective_mode    text,
    reason            text NOT NULL,
    requested_by      text NOT NULL,
    dry_run           boolean NOT NULL,
    config_hash       text NOT NULL,
    attempt           integer NOT NULL DEFAULT 0,
    failures          integer NOT NULL DEFAULT 0,
    active            boolean NOT NULL DEFAULT false,
    phase             text NOT NULL DEFAULT 'Pending',
    created_at        timestamptz NOT NULL DEFAULT now(),
    started_at        timestamptz,
    heartbeat_at      timestamptz,
    finished_at       timestamptz,
    retry_at          timestamptz,
    cancel_requested  boolean NOT NULL DEFAULT false,
    cancel_reason     text NOT NULL DEFAULT '',
    stage_epoch       uuid,
    progress          jsonb,
    report            jsonb,
    verdict           jsonb,
    end_reason        text NOT NULL DEFAULT '',
    end_message       text NOT NULL DEFAULT '',
    -- Makes `attempt` a key column: raising it waits for every commit that holds the fence FOR KEY SHARE,
    -- while heartbeats and cancel requests, which leave the keys alone, do not.
    UNIQUE (id, attempt)
);
COMMENT ON TABLE run IS 'The history of all runs, kept after the objects that asked for them are gone.';
CREATE UNIQUE INDEX run_one_active ON run (integration_id) WHERE active;
CREATE INDEX run_by_integration ON run (integration_id, finished_at);

CREATE TABLE mark (
    integration_id  bigint NOT NULL REFERENCES integration,
    entity          text NOT NULL,
    watermark       timestamptz,
    covered_until   timestamptz,
    PRIMARY KEY (integration_id, entity)
);
COMMENT ON TABLE mark IS 'How far each entity is covered, in the time of the PSA.';

CREATE TABLE quarantine (
    integration_id  bigint NOT NULL REFERENCES integration,
    entity          text NOT NULL,
    psa_id          bigint NOT NULL,
    field           text NOT NULL,
    reason          text NOT NULL,
    raw             text NOT NULL,
    run_id          uuid NOT NULL,
    first_seen_at   timestamptz NOT NULL,
    last_seen_at    timestamptz NOT NULL,
    PRIMARY KEY (integration_id, entity, psa_id)
);
COMMENT ON TABLE quarantine IS 'Records that did not fit, as the PSA sent them; their last good row stays live.';

CREATE TABLE board (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    inactive        boolean NOT NULL,
    project         boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE status (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    board_id        bigint,
    name            text NOT NULL,
    sort_order      bigint,
    closed          boolean NOT NULL,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, board_id) REFERENCES board
);

CREATE TABLE ticket_type (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    board_id        bigint,
    name            text NOT NULL,
    category        text,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, board_id) REFERENCES board
);

CREATE TABLE priority (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    name            text NOT NULL,
    color           text,
    sort_order      bigint,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE member (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    identifier      text NOT NULL,
    name            text NOT NULL,
    email           text,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE custom_field (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    caption         text NOT NULL,
    field_type      text,
    entry_type      text,
    screen          text,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE company (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    identifier      text,
    name            text NOT NULL,
    status          text,
    phone           text,
    website         text,
    address_line1   text,
    address_line2   text,
    city            text,
    state           text,
    zip             text,
    country         text,
    deleted         boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id)
);

CREATE TABLE contact (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    company_id      bigint,
    first_name      text,
    last_name       text,
    title           text,
    email           text,
    phone           text,
    inactive        boolean NOT NULL,
    updated_at      timestamptz,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, company_id) REFERENCES company
);
CREATE INDEX contact_by_company ON contact (integration_id, company_id);

CREATE TABLE ticket (
    integration_id  bigint NOT NULL REFERENCES integration,
    psa_id          bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    summary         text NOT NULL,
    board_id        bigint,
    status_id       bigint,
    type_id         bigint,
    priority_id     bigint,
    company_id      bigint,
    contact_id      bigint,
    owner_id        bigint,
    severity        text,
    impact          text,
    source          text,
    closed          boolean NOT NULL,
    parent_id       bigint,
    budget_hours    double precision,
    actual_hours    double precision,
    required_at     timestamptz,
    closed_at       timestamptz,
    entered_at      timestamptz,
    updated_at      timestamptz,
    custom_fields   jsonb,
    out_of_scope    text,
    stale           boolean NOT NULL DEFAULT false,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, psa_id),
    FOREIGN KEY (integration_id, board_id) REFERENCES board,
    FOREIGN KEY (integration_id, status_id) REFERENCES status,
    FOREIGN KEY (integration_id, type_id) REFERENCES ticket_type,
    FOREIGN KEY (integration_id, priority_id) REFERENCES priority,
    FOREIGN KEY (integration_id, company_id) REFERENCES company,
    FOREIGN KEY (integration_id, contact_id) REFERENCES contact,
    FOREIGN KEY (integration_id, owner_id) REFERENCES member
);
COMMENT ON COLUMN ticket.out_of_scope IS 'Why the user does not want it; such rows are not in visible_ticket.';
COMMENT ON COLUMN ticket.stale IS 'The PSA sent a newer record that did not fit; this is the last good one.';
CREATE INDEX ticket_by_company ON ticket (integration_id, company_id);
CREATE INDEX ticket_by_contact ON ticket (integration_id, contact_id);
CREATE INDEX ticket_by_board ON ticket (integration_id, board_id, status_id);

CREATE TABLE ticket_technician (
    integration_id  bigint NOT NULL REFERENCES integration,
    ticket_id       bigint NOT NULL,
    member_id       bigint NOT NULL,
    changed_by_run  uuid NOT NULL,
    changed_at      timestamptz NOT NULL,
    PRIMARY KEY (integration_id, ticket_id, member_id),
    FOREIGN KEY (integration_id, ticket_id) REFERENCES ticket,
    FOREIGN KEY (integration_id, member_id) REFERENCES member
);
CREATE INDEX ticket_technician_by_member ON ticket_technician (integration_id, member_id);

-- With the rights of the reader, so that row policies on the tables hold here as well.
CREATE VIEW visible_ticket WITH (security_invoker = true) AS
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
       ticket.changed_by_run, ticket.changed_at
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
COMMENT ON VIEW visible_ticket IS 'The tickets that the user asked for, with the names of what they refer to.';

-- A server built without lz4 keeps the default compression.
DO $$
BEGIN
    ALTER TABLE ticket ALTER COLUMN custom_fields SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'no lz4 in this server';
END $$;
