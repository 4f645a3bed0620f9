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
