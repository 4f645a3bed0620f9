-- Runs before the code that needs it; the code before it does not notice, and keeps nothing.

ALTER TABLE run
    ADD COLUMN baseline            boolean NOT NULL DEFAULT false,
    ADD COLUMN rollback_until      timestamptz,
    ADD COLUMN marks_before        jsonb,
    ADD COLUMN full_config_before  text,
    ADD COLUMN rollback_of         uuid REFERENCES run,
    ADD COLUMN rolled_back_by      uuid REFERENCES run;
COMMENT ON COLUMN run.baseline IS 'It was the first load: there was no row before it.';
COMMENT ON COLUMN run.rollback_until IS 'Until when row_history keeps what it replaced; NULL: it kept nothing.';
COMMENT ON COLUMN run.marks_before IS 'The marks before it, and the sign that row_history still has its rows.';
CREATE INDEX run_with_history ON run (rollback_until) WHERE marks_before IS NOT NULL;

-- action: c it created the row, u it changed it, d it removed it. `former` is the whole row as it was before;
-- a document, so that it outlives a later migration of the table.
CREATE TABLE row_history (
    run        bigint NOT NULL,
    entity     text NOT NULL,
    psa_id     bigint NOT NULL,
    member_id  bigint,
    action     "char" NOT NULL,
    former     jsonb,
    kept       boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE row_history IS 'What a run replaced, until its rollback_until.';
COMMENT ON COLUMN row_history.kept IS 'The rollback of the run left the row alone, because it was changed since.';
CREATE INDEX row_history_by_run ON row_history (run, entity);

CREATE TABLE change_log (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id  bigint NOT NULL REFERENCES integration,
    run_id          uuid NOT NULL,
    entity          text,
    psa_id          bigint,
    member_id       bigint,
    action          text NOT NULL,
    columns         text[],
    changed_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE change_log IS 'What readers of the live tables see change, each change once; kept for 30 days. '
    'Within one integration the ids grow in the order in which the changes became visible.';
COMMENT ON COLUMN change_log.action IS
    'created, updated, deleted, or baseline for all rows of the first load together.';
CREATE INDEX change_log_by_time ON change_log USING brin (changed_at);

DO $$
BEGIN
    ALTER TABLE row_history ALTER COLUMN former SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'no lz4 in this server';
END $$;
