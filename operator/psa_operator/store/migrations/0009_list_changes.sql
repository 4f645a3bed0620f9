-- Runs before the code that needs it; the code before it does not notice.

CREATE TABLE list_change (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id  bigint NOT NULL REFERENCES integration,
    entity          text NOT NULL,
    psa_id          bigint NOT NULL,
    name            text NOT NULL,
    change          text NOT NULL,
    became          text,
    changed_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE list_change IS 'What settings can name and was renamed, removed, or (a custom field) retyped.';
COMMENT ON COLUMN list_change.name IS 'What it was called before.';
COMMENT ON COLUMN list_change.became IS 'The new name, or the new type.';
CREATE INDEX list_change_by_name ON list_change (integration_id, entity, lower(name), id);

-- Temporary tables, which anybody may make, come last for a function that acts in the owner's name.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

-- Whoever may write a list may not see this table: the function works with the rights of its owner.
CREATE FUNCTION note_list_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO list_change (integration_id, entity, psa_id, name, change, became)
    VALUES (OLD.integration_id, TG_ARGV[0], OLD.psa_id, to_jsonb(OLD) ->> TG_ARGV[1], TG_ARGV[2],
            CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) ->> TG_ARGV[3] END);
    RETURN NULL;
END $$;

CREATE TRIGGER renamed AFTER UPDATE ON board FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION note_list_change('boards', 'name', 'renamed', 'name');
CREATE TRIGGER removed AFTER DELETE ON board FOR EACH ROW
    EXECUTE FUNCTION note_list_change('boards', 'name', 'removed');
CREATE TRIGGER renamed AFTER UPDATE ON status FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION note_list_change('statuses', 'name', 'renamed', 'name');
CREATE TRIGGER removed AFTER DELETE ON status FOR EACH ROW
    EXECUTE FUNCTION note_list_change('statuses', 'name', 'removed');
CREATE TRIGGER renamed AFTER UPDATE ON priority FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION note_list_change('priorities', 'name', 'renamed', 'name');
CREATE TRIGGER removed AFTER DELETE ON priority FOR EACH ROW
    EXECUTE FUNCTION note_list_change('priorities', 'name', 'removed');
CREATE TRIGGER renamed AFTER UPDATE ON custom_field FOR EACH ROW WHEN (OLD.caption <> NEW.caption)
    EXECUTE FUNCTION note_list_change('customFields', 'caption', 'renamed', 'caption');
CREATE TRIGGER removed AFTER DELETE ON custom_field FOR EACH ROW
    EXECUTE FUNCTION note_list_change('customFields', 'caption', 'removed');
CREATE TRIGGER renamed AFTER UPDATE ON company_status FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION note_list_change('companyStatuses', 'name', 'renamed', 'name');
CREATE TRIGGER removed AFTER DELETE ON company_status FOR EACH ROW
    EXECUTE FUNCTION note_list_change('companyStatuses', 'name', 'removed');
CREATE TRIGGER renamed AFTER UPDATE ON company_type FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION note_list_change('companyTypes', 'name', 'renamed', 'name');
CREATE TRIGGER removed AFTER DELETE ON company_type FOR EACH ROW
    EXECUTE FUNCTION note_list_change('companyTypes', 'name', 'removed');
CREATE TRIGGER retyped AFTER UPDATE ON custom_field
    FOR EACH ROW WHEN (OLD.field_type IS DISTINCT FROM NEW.field_type AND OLD.field_type IS NOT NULL)
    EXECUTE FUNCTION note_list_change('customFields', 'caption', 'retyped', 'field_type');
