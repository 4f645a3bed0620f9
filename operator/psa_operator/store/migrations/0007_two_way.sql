-- Runs before the code that needs it; the code before it does not notice: nothing is recorded until a
-- user turns write-back on, and the rows that code writes carry another changed_at.

ALTER TABLE integration
    ADD COLUMN write_back       boolean NOT NULL DEFAULT false,
    ADD COLUMN write_back_role  text;
COMMENT ON COLUMN integration.write_back IS 'Whether edits of live tickets are recorded, to be sent to the PSA.';
COMMENT ON COLUMN integration.write_back_role IS 'Only edits of members of this role are; NULL: of anybody.';

CREATE TABLE local_change (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id   bigint NOT NULL REFERENCES integration,
    ticket_id        bigint NOT NULL,
    base             jsonb NOT NULL,
    value            jsonb NOT NULL,
    base_updated_at  timestamptz,
    changed_by       text NOT NULL,
    changed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    state            text NOT NULL DEFAULT 'Unsent'
                     CHECK (state IN ('Unsent', 'Held', 'Sent', 'Refused', 'Discarded')),
    theirs           jsonb,
    resolution       text CHECK (resolution IN ('Portal', 'PSA')),
    message          text NOT NULL DEFAULT '',
    settled_at       timestamptz,
    settled_by_run   uuid
);
COMMENT ON TABLE local_change IS 'What the portal changed in live tickets, by column, and what became of it.';
COMMENT ON COLUMN local_change.base IS 'The values that the PSA had when they were changed here.';
COMMENT ON COLUMN local_change.theirs IS 'Held: the values that the PSA has by now.';
COMMENT ON COLUMN local_change.resolution IS
    'Held: whose value is to stay, for the next run; you may set it to Portal or PSA.';
CREATE INDEX local_change_unsent ON local_change (integration_id, ticket_id, id)
    WHERE state IN ('Unsent', 'Held');

CREATE INDEX local_change_sent ON local_change (integration_id, settled_at) WHERE state = 'Sent';

CREATE FUNCTION writable_columns(ticket) RETURNS jsonb LANGUAGE sql STABLE
    SET TimeZone = 'UTC' AS $$
    SELECT jsonb_build_object(
        'summary', $1.summary, 'status_id', $1.status_id, 'type_id', $1.type_id,
        'priority_id', $1.priority_id, 'contact_id', $1.contact_id, 'owner_id', $1.owner_id,
        'severity', $1.severity, 'impact', $1.impact, 'budget_hours', $1.budget_hours,
        'required_at', $1.required_at)
$$;
COMMENT ON FUNCTION writable_columns IS 'The columns of a ticket of which a change is sent to the PSA.';

-- Temporary tables, which anybody may make, come last for a function that acts in the owner's name.
SELECT set_config('search_path', current_setting('search_path') || ', pg_temp', true);

-- An earlier change of the same column that the PSA does not have yet: its base is this one's as well. Such
-- rows are locked, so that the run that sends them either comes first or finds this change.
CREATE FUNCTION record_local_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET TimeZone = 'UTC' AS $$
DECLARE
    changed  jsonb;
    former   jsonb;
    earlier  jsonb;
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
    SELECT jsonb_object_agg(known.key, known.value ORDER BY unsent.id DESC) INTO earlier
      FROM (SELECT id, base FROM local_change
             WHERE integration_id = NEW.integration_id AND ticket_id = NEW.psa_id
               AND state IN ('Unsent', 'Held')
               FOR SHARE) AS unsent, jsonb_each(unsent.base) AS known
     WHERE changed ? known.key;
    INSERT INTO local_change (integration_id, ticket_id, base, value, base_updated_at, changed_by)
    VALUES (NEW.integration_id, NEW.psa_id, former || coalesce(earlier, '{{}}'), changed, OLD.updated_at,
            session_user);
    RETURN NULL;
END
$$;
CREATE TRIGGER local_change AFTER UPDATE ON ticket FOR EACH ROW
    -- A run says who it is, and dates what it writes; the release before this one only does the latter.
    WHEN (coalesce(current_setting('psa.run', true), '') = '' AND NEW.changed_at = OLD.changed_at)
    EXECUTE FUNCTION record_local_change();

CREATE TABLE outbox_note (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id  bigint NOT NULL REFERENCES integration,
    ticket_id       bigint NOT NULL,
    text            text NOT NULL CHECK (text <> ''),
    discussion      boolean NOT NULL DEFAULT true,
    internal        boolean NOT NULL DEFAULT false,
    resolution      boolean NOT NULL DEFAULT false,
    created_by      text NOT NULL DEFAULT session_user,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    state           text NOT NULL DEFAULT 'Unsent'
                    CHECK (state IN ('Unsent', 'Sent', 'Arrived', 'Refused', 'Discarded')),
    tried_at        timestamptz,
    psa_id          bigint,
    psa_author      text,
    message         text NOT NULL DEFAULT '',
    settled_at      timestamptz,
    settled_by_run  uuid,
    CHECK (discussion OR internal OR resolution)
);
COMMENT ON TABLE outbox_note IS 'Notes that the portal wrote for the PSA; visible_note has them until they came back.';
COMMENT ON COLUMN outbox_note.tried_at IS 'When it was given to the PSA, by the PSA''s clock.';
CREATE INDEX outbox_note_open ON outbox_note (integration_id, ticket_id) WHERE state IN ('Unsent', 'Sent');

CREATE TABLE outbox_time_entry (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id  bigint NOT NULL REFERENCES integration,
    ticket_id       bigint NOT NULL,
    started_at      timestamptz NOT NULL,
    member_id       bigint,
    ended_at        timestamptz,
    hours           double precision,
    billable        text,
    notes           text,
    internal_notes  text,
    created_by      text NOT NULL DEFAULT session_user,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    state           text NOT NULL DEFAULT 'Unsent'
                    CHECK (state IN ('Unsent', 'Sent', 'Arrived', 'Refused', 'Discarded')),
    tried_at        timestamptz,
    psa_id          bigint,
    psa_author      text,
    message         text NOT NULL DEFAULT '',
    settled_at      timestamptz,
    settled_by_run  uuid,
    CHECK (ended_at IS NOT NULL OR hours IS NOT NULL)
);
COMMENT ON TABLE outbox_time_entry IS
    'Time that the portal entered for the PSA; visible_time_entry has it until it came back.';
COMMENT ON COLUMN outbox_time_entry.tried_at IS 'When it was given to the PSA, by the PSA''s clock.';
CREATE INDEX outbox_time_entry_open ON outbox_time_entry (integration_id, ticket_id)
    WHERE state IN ('Unsent', 'Sent');

-- The portal's own: no run reads or writes them, and nothing that a run deletes takes them along.
CREATE TABLE private_note (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    integration_id  bigint NOT NULL REFERENCES integration,
    ticket_id       bigint NOT NULL,
    text            text NOT NULL,
    created_by      text NOT NULL DEFAULT session_user,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX private_note_by_ticket ON private_note (integration_id, ticket_id);
COMMENT ON TABLE private_note IS 'Notes that live in the portal only; ticket_id is the PSA''s.';

CREATE TABLE ticket_tag (
    integration_id  bigint NOT NULL REFERENCES integration,
    ticket_id       bigint NOT NULL,
    tag             text NOT NULL,
    PRIMARY KEY (integration_id, ticket_id, tag)
);
COMMENT ON TABLE ticket_tag IS 'Tags that live in the portal only; ticket_id is the PSA''s.';

CREATE OR REPLACE VIEW visible_note WITH (security_invoker = true) AS
SELECT note.id, integration.key AS integration, note.psa_id, note.ticket_id, note.text,
       note.discussion, note.internal, note.resolution,
       coalesce(member.name, nullif(concat_ws(' ', contact.first_name, contact.last_name), ''),
                note.author) AS author,
       note.created_at, note.updated_at, note.stale, note.changed_by_run, note.changed_at,
       NULL::bigint AS outbox_id
  FROM note
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (note.integration_id, note.ticket_id)
  JOIN integration ON integration.id = note.integration_id
  LEFT JOIN member ON (member.integration_id, member.psa_id) = (note.integration_id, note.member_id)
  LEFT JOIN contact ON (contact.integration_id, contact.psa_id) = (note.integration_id, note.contact_id)
 WHERE ticket.out_of_scope IS NULL
UNION ALL
SELECT NULL, integration.key, unsent.psa_id, unsent.ticket_id, unsent.text, unsent.discussion,
       unsent.internal, unsent.resolution, unsent.created_by, unsent.created_at, NULL, false, NULL, NULL,
       unsent.id
  FROM outbox_note AS unsent
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (unsent.integration_id, unsent.ticket_id)
  JOIN integration ON integration.id = unsent.integration_id
 WHERE ticket.out_of_scope IS NULL AND unsent.state IN ('Unsent', 'Sent')
   AND NOT EXISTS (SELECT FROM note
                    WHERE (note.integration_id, note.psa_id) = (unsent.integration_id, unsent.psa_id));
COMMENT ON COLUMN visible_note.outbox_id IS 'The row of outbox_note, for a note that did not come back yet.';

CREATE OR REPLACE VIEW visible_time_entry WITH (security_invoker = true) AS
SELECT time_entry.id, integration.key AS integration, time_entry.psa_id, time_entry.ticket_id,
       member.name AS member, time_entry.work_type, time_entry.work_role, time_entry.started_at,
       time_entry.ended_at, time_entry.hours, time_entry.billable, time_entry.status, time_entry.notes,
       time_entry.internal_notes, time_entry.entered_by, time_entry.entered_at, time_entry.updated_at,
       time_entry.stale, time_entry.changed_by_run, time_entry.changed_at,
       NULL::bigint AS outbox_id
  FROM time_entry
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (time_entry.integration_id, time_entry.ticket_id)
  JOIN integration ON integration.id = time_entry.integration_id
  LEFT JOIN member
         ON (member.integration_id, member.psa_id) = (time_entry.integration_id, time_entry.member_id)
 WHERE ticket.out_of_scope IS NULL
UNION ALL
SELECT NULL, integration.key, unsent.psa_id, unsent.ticket_id, member.name, NULL, NULL, unsent.started_at,
       unsent.ended_at,
       coalesce(unsent.hours, extract(epoch FROM unsent.ended_at - unsent.started_at) / 3600),
       unsent.billable, NULL, unsent.notes, unsent.internal_notes, unsent.created_by, unsent.created_at,
       NULL, false, NULL, NULL, unsent.id
  FROM outbox_time_entry AS unsent
  JOIN ticket ON (ticket.integration_id, ticket.psa_id) = (unsent.integration_id, unsent.ticket_id)
  JOIN integration ON integration.id = unsent.integration_id
  LEFT JOIN member ON (member.integration_id, member.psa_id) = (unsent.integration_id, unsent.member_id)
 WHERE ticket.out_of_scope IS NULL AND unsent.state IN ('Unsent', 'Sent')
   AND NOT EXISTS (SELECT FROM time_entry
                    WHERE (time_entry.integration_id, time_entry.psa_id)
                        = (unsent.integration_id, unsent.psa_id));
COMMENT ON COLUMN visible_time_entry.outbox_id IS
    'The row of outbox_time_entry, for time that did not come back yet.';

-- The views read with the rights of who asks: who could read notes and time entries needs the outboxes as well.
DO $$
DECLARE
    reader text;
    kept   name;
BEGIN
    FOR kept, reader IN
        SELECT relname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
          FROM pg_class, aclexplode(relacl)
         WHERE oid IN ('note'::regclass, 'time_entry'::regclass)
           AND privilege_type = 'SELECT' AND grantee <> relowner
    LOOP
        EXECUTE format('GRANT SELECT ON outbox_%I TO %s', kept, reader);
    END LOOP;
END $$;
