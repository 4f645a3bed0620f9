-- Staged rows and what is remembered of them. All UNLOGGED: a crash of PostgreSQL empties the rows
-- together with their checkpoint. Full runs copy the shape of the quick_ tables into tables of their own.

CREATE UNLOGGED TABLE {stage}.stage (
    run            bigint PRIMARY KEY,
    mode           text NOT NULL,
    epoch          uuid NOT NULL,
    config_hash    text NOT NULL,
    stage_version  text NOT NULL,
    began          timestamptz,
    indexed        boolean NOT NULL
);

CREATE UNLOGGED TABLE {stage}.segment (
    run         bigint NOT NULL,
    entity      text NOT NULL,
    after_id    bigint NOT NULL,
    upto_id     bigint,
    done_until  bigint NOT NULL,
    complete    boolean NOT NULL,
    PRIMARY KEY (run, entity, after_id)
);

CREATE UNLOGGED TABLE {stage}.refused (
    run     bigint NOT NULL,
    entity  text NOT NULL,
    psa_id  bigint NOT NULL,
    field   text NOT NULL,
    reason  text NOT NULL,
    raw     text NOT NULL,
    PRIMARY KEY (run, entity, psa_id)
);

CREATE UNLOGGED TABLE {stage}.parent_name (
    run     bigint NOT NULL,
    entity  text NOT NULL,
    psa_id  bigint NOT NULL,
    name    text NOT NULL,
    PRIMARY KEY (run, entity, psa_id)
);

CREATE UNLOGGED TABLE {stage}.quick_listed (
    run     bigint NOT NULL,
    entity  text NOT NULL,
    psa_id  bigint NOT NULL
);

-- origin: NULL for what the PSA sent, 'live' for a copy of the live row, 'stub' for an id and a name.

CREATE UNLOGGED TABLE {stage}.quick_board (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    inactive    boolean,
    project     boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_board_key ON {stage}.quick_board (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_status (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    board_id    bigint,
    name        text,
    sort_order  bigint,
    closed      boolean,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_status_key ON {stage}.quick_status (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_ticket_type (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    board_id    bigint,
    name        text,
    category    text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_ticket_type_key ON {stage}.quick_ticket_type (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_priority (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    name        text,
    color       text,
    sort_order  bigint,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_priority_key ON {stage}.quick_priority (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_member (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    identifier  text,
    name        text,
    email       text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_member_key ON {stage}.quick_member (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_custom_field (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    caption     text,
    field_type  text,
    entry_type  text,
    screen      text,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_custom_field_key ON {stage}.quick_custom_field (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_company (
    run            bigint NOT NULL,
    psa_id         bigint NOT NULL,
    identifier     text,
    name           text,
    status         text,
    phone          text,
    website        text,
    address_line1  text,
    address_line2  text,
    city           text,
    state          text,
    zip            text,
    country        text,
    deleted        boolean,
    updated_at     timestamptz,
    origin         text
);
CREATE UNIQUE INDEX quick_company_key ON {stage}.quick_company (run, psa_id);

CREATE UNLOGGED TABLE {stage}.quick_contact (
    run         bigint NOT NULL,
    psa_id      bigint NOT NULL,
    company_id  bigint,
    first_name  text,
    last_name   text,
    title       text,
    email       text,
    phone       text,
    inactive    boolean,
    updated_at  timestamptz,
    origin      text
);
CREATE UNIQUE INDEX quick_contact_key ON {stage}.quick_contact (run, psa_id);

-- technicians: the members assigned, as the text of an array; one value, so that the newest record of a
-- ticket brings the newest set of them.
CREATE UNLOGGED TABLE {stage}.quick_ticket (
    run            bigint NOT NULL,
    psa_id         bigint NOT NULL,
    summary        text,
    board_id       bigint,
    status_id      bigint,
    type_id        bigint,
    priority_id    bigint,
    company_id     bigint,
    contact_id     bigint,
    owner_id       bigint,
    severity       text,
    impact         text,
    source         text,
    closed         boolean,
    parent_id      bigint,
    budget_hours   double precision,
    actual_hours   double precision,
    required_at    timestamptz,
    closed_at      timestamptz,
    entered_at     timestamptz,
    updated_at     timestamptz,
    custom_fields  jsonb,
    out_of_scope   text,
    technicians    text,
    origin         text
);
CREATE UNIQUE INDEX quick_ticket_key ON {stage}.quick_ticket (run, psa_id);

DO $$
BEGIN
    ALTER TABLE {stage}.quick_ticket ALTER COLUMN custom_fields SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'no lz4 in this server';
END $$;
