-- Runs before the code that needs it; the code before it leaves these columns alone.

ALTER TABLE outbox_note ADD COLUMN last_tried_at timestamptz;
ALTER TABLE outbox_time_entry ADD COLUMN last_tried_at timestamptz;
COMMENT ON COLUMN outbox_note.last_tried_at IS 'When it was given to the PSA last, by the PSA''s clock.';
COMMENT ON COLUMN outbox_time_entry.last_tried_at IS 'When it was given to the PSA last, by the PSA''s clock.';

-- Temporary tables, which anybody may make, come last for a function that acts in the owner's name.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

-- An earlier change of the same column that the PSA does not have yet: its base is this one's as well, and so
-- is the stamp of that base, or a conflict that is held would be forgotten. Such rows are locked, so that the
-- run that sends them either comes first or finds this change.
CREATE OR REPLACE FUNCTION record_local_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET TimeZone = 'UTC' AS $$
DECLARE
    changed   jsonb;
    former    jsonb;
    earlier   jsonb;
    based_on  timestamptz := OLD.updated_at;
BEGIN
    IF NOT EXISTS (
        SELECT FROM integration
         WHERE id = NEW.integration_id AND write_back
           AND (write_back_role IS NULL OR session_user = write_back_role
                OR EXISTS (SELECT FROM pg_roles AS wanted, pg_roles AS own
                            WHERE wanted.rolname = write_back_role AND own.rolname = session_user
                              AND NOT own.rolsuper AND pg_has_role(own.oid, wanted.oid, 'MEMBER'))))
    THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(key, now.value), jsonb_object_agg(key, was.value) INTO changed, former
      FROM jsonb_each(writable_columns(NEW)) AS now
      JOIN jsonb_each(writable_columns(OLD)) AS was USING (key)
     WHERE now.value IS DISTINCT FROM was.value;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(known.key, known.value ORDER BY unsent.id DESC),
           CASE WHEN count(*) = count(base_updated_at) THEN least(based_on, min(base_updated_at)) END
      INTO earlier, based_on
      FROM (SELECT id, base, base_updated_at FROM local_change
             WHERE integration_id = NEW.integration_id AND ticket_id = NEW.psa_id
               AND state IN ('Unsent', 'Held')
               FOR SHARE) AS unsent, jsonb_each(unsent.base) AS known
     WHERE changed ? known.key;
    INSERT INTO local_change (integration_id, ticket_id, base, value, base_updated_at, changed_by)
    VALUES (NEW.integration_id, NEW.psa_id, former || coalesce(earlier, '{{}}'), changed, based_on,
            session_user);
    RETURN NULL;
END
$$;
