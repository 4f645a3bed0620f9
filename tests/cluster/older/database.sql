-- What the same release left in the database: pg_dump --rows-per-insert=1000 --no-owner --no-privileges.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA psa;

CREATE SCHEMA psa_stage;

CREATE FUNCTION psa.note_list_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'psa', 'psa_stage', 'pg_temp', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO list_change (integration_id, entity, psa_id, name, change, became)
    VALUES (OLD.integration_id, TG_ARGV[0], OLD.psa_id, to_jsonb(OLD) ->> TG_ARGV[1], TG_ARGV[2],
            CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) ->> TG_ARGV[3] END);
    RETURN NULL;
END $$;

CREATE FUNCTION psa.record_local_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'psa', 'psa_stage', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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
    VALUES (NEW.integration_id, NEW.psa_id, former || coalesce(earlier, '{}'), changed, OLD.updated_at,
            session_user);
    RETURN NULL;
END
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE psa.ticket (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    summary text NOT NULL,
    board_id bigint,
    status_id bigint,
    type_id bigint,
    priority_id bigint,
    company_id bigint,
    contact_id bigint,
    owner_id bigint,
    severity text,
    impact text,
    source text,
    closed boolean NOT NULL,
    parent_id bigint,
    budget_hours double precision,
    actual_hours double precision,
    required_at timestamp with time zone,
    closed_at timestamp with time zone,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    custom_fields jsonb,
    out_of_scope text,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    inserted_at timestamp with time zone DEFAULT now(),
    subtype_id bigint,
    item_id bigint,
    source_id bigint,
    location_id bigint,
    project boolean DEFAULT false NOT NULL,
    project_name text,
    phase text
);

COMMENT ON COLUMN psa.ticket.source IS 'The name of ticket_source, as the ticket has it.';

COMMENT ON COLUMN psa.ticket.out_of_scope IS 'Why the user does not want it; such rows are not in visible_ticket.';

COMMENT ON COLUMN psa.ticket.stale IS 'The PSA sent a newer record that did not fit; this is the last good one.';

COMMENT ON COLUMN psa.ticket.inserted_at IS 'Since when the row is here.';

COMMENT ON COLUMN psa.ticket.project IS 'It belongs to a project, not to the service desk.';

CREATE FUNCTION psa.writable_columns(psa.ticket) RETURNS jsonb
    LANGUAGE sql STABLE
    SET "TimeZone" TO 'UTC'
    AS $_$
    SELECT jsonb_build_object(
        'summary', $1.summary, 'status_id', $1.status_id, 'type_id', $1.type_id,
        'priority_id', $1.priority_id, 'contact_id', $1.contact_id, 'owner_id', $1.owner_id,
        'severity', $1.severity, 'impact', $1.impact, 'budget_hours', $1.budget_hours,
        'required_at', $1.required_at)
$_$;

COMMENT ON FUNCTION psa.writable_columns(psa.ticket) IS 'The columns of a ticket of which a change is sent to the PSA.';

CREATE TABLE psa.board (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    inactive boolean NOT NULL,
    project boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.board ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.board_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.change_log (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    run_id uuid NOT NULL,
    entity text,
    psa_id bigint,
    member_id bigint,
    action text NOT NULL,
    columns text[],
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE psa.change_log IS 'What readers of the live tables see change, each change once; kept for 30 days. Within one integration the ids grow in the order in which the changes became visible.';

COMMENT ON COLUMN psa.change_log.action IS 'created, updated, deleted, or baseline for all rows of the first load together.';

ALTER TABLE psa.change_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.change_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.company (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    identifier text,
    name text NOT NULL,
    status text,
    phone text,
    website text,
    address_line1 text,
    address_line2 text,
    city text,
    state text,
    zip text,
    country text,
    deleted boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    status_id bigint,
    type_ids bigint[]
);

COMMENT ON COLUMN psa.company.type_ids IS 'The psa_id of each company_type that it has; NULL: the PSA does not say.';

ALTER TABLE psa.company ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.company_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.company_status (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.company_status ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.company_status_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.company_type (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.company_type ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.company_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.contact (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    company_id bigint,
    first_name text,
    last_name text,
    title text,
    email text,
    phone text,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.contact ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.custom_field (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    caption text NOT NULL,
    field_type text,
    entry_type text,
    screen text,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.custom_field ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.custom_field_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.integration (
    id bigint NOT NULL,
    key text NOT NULL,
    provider text,
    identity text,
    last_full_config text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    write_back boolean DEFAULT false NOT NULL,
    write_back_role text
);

COMMENT ON TABLE psa.integration IS 'One PSA account; every other row belongs to one of these.';

COMMENT ON COLUMN psa.integration.write_back IS 'Whether edits of live tickets are recorded, to be sent to the PSA.';

COMMENT ON COLUMN psa.integration.write_back_role IS 'Only edits of members of this role are; NULL: of anybody.';

ALTER TABLE psa.integration ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.integration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.list_change (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL,
    name text NOT NULL,
    change text NOT NULL,
    became text,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE psa.list_change IS 'What settings can name and was renamed, removed, or (a custom field) retyped.';

COMMENT ON COLUMN psa.list_change.name IS 'What it was called before.';

COMMENT ON COLUMN psa.list_change.became IS 'The new name, or the new type.';

ALTER TABLE psa.list_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.list_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.local_change (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    base jsonb NOT NULL,
    value jsonb NOT NULL,
    base_updated_at timestamp with time zone,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'Unsent'::text NOT NULL,
    theirs jsonb,
    resolution text,
    message text DEFAULT ''::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by_run uuid,
    CONSTRAINT local_change_resolution_check CHECK ((resolution = ANY (ARRAY['Portal'::text, 'PSA'::text]))),
    CONSTRAINT local_change_state_check CHECK ((state = ANY (ARRAY['Unsent'::text, 'Held'::text, 'Sent'::text, 'Refused'::text, 'Discarded'::text])))
);

COMMENT ON TABLE psa.local_change IS 'What the portal changed in live tickets, by column, and what became of it.';

COMMENT ON COLUMN psa.local_change.base IS 'The values that the PSA had when they were changed here.';

COMMENT ON COLUMN psa.local_change.theirs IS 'Held: the values that the PSA has by now.';

COMMENT ON COLUMN psa.local_change.resolution IS 'Held: whose value is to stay, for the next run; you may set it to Portal or PSA.';

ALTER TABLE psa.local_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.local_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.mark (
    integration_id bigint NOT NULL,
    entity text NOT NULL,
    watermark timestamp with time zone,
    covered_until timestamp with time zone
);

COMMENT ON TABLE psa.mark IS 'How far each entity is covered, in the time of the PSA.';

CREATE TABLE psa.member (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    identifier text NOT NULL,
    name text NOT NULL,
    email text,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.member ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.migration (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE psa.note (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    text text NOT NULL,
    discussion boolean NOT NULL,
    internal boolean NOT NULL,
    resolution boolean NOT NULL,
    member_id bigint,
    contact_id bigint,
    author text,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN psa.note.discussion IS 'Customers read it; the first of a ticket is its description.';

COMMENT ON COLUMN psa.note.internal IS 'The PSA''s internal analysis, which customers must not read.';

ALTER TABLE psa.note ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.outbox_note (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    text text NOT NULL,
    discussion boolean DEFAULT true NOT NULL,
    internal boolean DEFAULT false NOT NULL,
    resolution boolean DEFAULT false NOT NULL,
    created_by text DEFAULT SESSION_USER NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'Unsent'::text NOT NULL,
    tried_at timestamp with time zone,
    psa_id bigint,
    psa_author text,
    message text DEFAULT ''::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by_run uuid,
    CONSTRAINT outbox_note_check CHECK ((discussion OR internal OR resolution)),
    CONSTRAINT outbox_note_state_check CHECK ((state = ANY (ARRAY['Unsent'::text, 'Sent'::text, 'Arrived'::text, 'Refused'::text, 'Discarded'::text]))),
    CONSTRAINT outbox_note_text_check CHECK ((text <> ''::text))
);

COMMENT ON TABLE psa.outbox_note IS 'Notes that the portal wrote for the PSA; visible_note has them until they came back.';

COMMENT ON COLUMN psa.outbox_note.tried_at IS 'When it was given to the PSA, by the PSA''s clock.';

ALTER TABLE psa.outbox_note ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.outbox_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.outbox_time_entry (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    member_id bigint,
    ended_at timestamp with time zone,
    hours double precision,
    billable text,
    notes text,
    internal_notes text,
    created_by text DEFAULT SESSION_USER NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'Unsent'::text NOT NULL,
    tried_at timestamp with time zone,
    psa_id bigint,
    psa_author text,
    message text DEFAULT ''::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by_run uuid,
    CONSTRAINT outbox_time_entry_check CHECK (((ended_at IS NOT NULL) OR (hours IS NOT NULL))),
    CONSTRAINT outbox_time_entry_state_check CHECK ((state = ANY (ARRAY['Unsent'::text, 'Sent'::text, 'Arrived'::text, 'Refused'::text, 'Discarded'::text])))
);

COMMENT ON TABLE psa.outbox_time_entry IS 'Time that the portal entered for the PSA; visible_time_entry has it until it came back.';

COMMENT ON COLUMN psa.outbox_time_entry.tried_at IS 'When it was given to the PSA, by the PSA''s clock.';

ALTER TABLE psa.outbox_time_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.outbox_time_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.priority (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    color text,
    sort_order bigint,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    mapped text
);

COMMENT ON COLUMN psa.priority.mapped IS 'What the portal calls it by spec.mappings; NULL where that is silent.';

ALTER TABLE psa.priority ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.priority_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.private_note (
    id bigint NOT NULL,
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    text text NOT NULL,
    created_by text DEFAULT SESSION_USER NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE psa.private_note IS 'Notes that live in the portal only; ticket_id is the PSA''s.';

ALTER TABLE psa.private_note ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.private_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.quarantine (
    integration_id bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    run_id uuid NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    ticket_id bigint
);

COMMENT ON TABLE psa.quarantine IS 'Records that did not fit, as the PSA sent them; their last good row stays live.';

COMMENT ON COLUMN psa.quarantine.ticket_id IS 'The ticket of a note, which is read with the ticket''s others.';

CREATE TABLE psa.row_history (
    run bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL,
    member_id bigint,
    action "char" NOT NULL,
    former jsonb,
    kept boolean DEFAULT false NOT NULL
);

COMMENT ON TABLE psa.row_history IS 'What a run replaced, until its rollback_until.';

COMMENT ON COLUMN psa.row_history.kept IS 'The rollback of the run left the row alone, because it was changed since.';

CREATE TABLE psa.run (
    id uuid NOT NULL,
    number bigint NOT NULL,
    integration_id bigint NOT NULL,
    name text NOT NULL,
    mode text NOT NULL,
    effective_mode text,
    reason text NOT NULL,
    requested_by text NOT NULL,
    dry_run boolean NOT NULL,
    config_hash text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT false NOT NULL,
    phase text DEFAULT 'Pending'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    retry_at timestamp with time zone,
    cancel_requested boolean DEFAULT false NOT NULL,
    cancel_reason text DEFAULT ''::text NOT NULL,
    stage_epoch uuid,
    progress jsonb,
    report jsonb,
    verdict jsonb,
    end_reason text DEFAULT ''::text NOT NULL,
    end_message text DEFAULT ''::text NOT NULL,
    approval_seconds double precision DEFAULT 0 NOT NULL,
    baseline boolean DEFAULT false NOT NULL,
    rollback_until timestamp with time zone,
    marks_before jsonb,
    full_config_before text,
    rollback_of uuid,
    rolled_back_by uuid,
    limited boolean DEFAULT false NOT NULL
);

COMMENT ON TABLE psa.run IS 'The history of all runs, kept after the objects that asked for them are gone.';

COMMENT ON COLUMN psa.run.approval_seconds IS 'How long it waited for approvals, which its deadline does not count.';

COMMENT ON COLUMN psa.run.baseline IS 'It was the first load: there was no row before it.';

COMMENT ON COLUMN psa.run.rollback_until IS 'Until when row_history keeps what it replaced; NULL: it kept nothing.';

COMMENT ON COLUMN psa.run.marks_before IS 'The marks before it, and the sign that row_history still has its rows.';

COMMENT ON COLUMN psa.run.limited IS 'Whether it was limited to named tickets or kinds of records, so that it says nothing of the rest.';

ALTER TABLE psa.run ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.run_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.service_location (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    place text,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.service_location ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.service_location_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.status (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    board_id bigint,
    name text NOT NULL,
    sort_order bigint,
    closed boolean NOT NULL,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    mapped text
);

COMMENT ON COLUMN psa.status.mapped IS 'What the portal calls it by spec.mappings; NULL where that is silent.';

ALTER TABLE psa.status ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.status_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE psa.ticket ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.ticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.ticket_item (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    board_id bigint,
    name text NOT NULL,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.ticket_item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.ticket_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.ticket_source (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.ticket_source ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.ticket_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.ticket_subtype (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    board_id bigint,
    name text NOT NULL,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.ticket_subtype ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.ticket_subtype_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.ticket_tag (
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    tag text NOT NULL
);

COMMENT ON TABLE psa.ticket_tag IS 'Tags that live in the portal only; ticket_id is the PSA''s.';

CREATE TABLE psa.ticket_technician (
    integration_id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    member_id bigint NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE psa.ticket_type (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    board_id bigint,
    name text NOT NULL,
    category text,
    inactive boolean NOT NULL,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE psa.ticket_type ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.ticket_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE psa.time_entry (
    integration_id bigint NOT NULL,
    psa_id bigint NOT NULL,
    id bigint NOT NULL,
    ticket_id bigint NOT NULL,
    member_id bigint,
    work_type text,
    work_role text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    hours double precision,
    billable text,
    status text,
    notes text,
    internal_notes text,
    entered_by text,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    stale boolean DEFAULT false NOT NULL,
    changed_by_run uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN psa.time_entry.internal_notes IS 'Customers must not read it.';

ALTER TABLE psa.time_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME psa.time_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW psa.visible_note WITH (security_invoker='true') AS
 SELECT note.id,
    integration.key AS integration,
    note.psa_id,
    note.ticket_id,
    note.text,
    note.discussion,
    note.internal,
    note.resolution,
    COALESCE(member.name, NULLIF(concat_ws(' '::text, contact.first_name, contact.last_name), ''::text), note.author) AS author,
    note.created_at,
    note.updated_at,
    note.stale,
    note.changed_by_run,
    note.changed_at,
    NULL::bigint AS outbox_id
   FROM ((((psa.note
     JOIN psa.ticket ON (((ticket.integration_id = note.integration_id) AND (ticket.psa_id = note.ticket_id))))
     JOIN psa.integration ON ((integration.id = note.integration_id)))
     LEFT JOIN psa.member ON (((member.integration_id = note.integration_id) AND (member.psa_id = note.member_id))))
     LEFT JOIN psa.contact ON (((contact.integration_id = note.integration_id) AND (contact.psa_id = note.contact_id))))
  WHERE (ticket.out_of_scope IS NULL)
UNION ALL
 SELECT NULL::bigint AS id,
    integration.key AS integration,
    unsent.psa_id,
    unsent.ticket_id,
    unsent.text,
    unsent.discussion,
    unsent.internal,
    unsent.resolution,
    unsent.created_by AS author,
    unsent.created_at,
    NULL::timestamp with time zone AS updated_at,
    false AS stale,
    NULL::uuid AS changed_by_run,
    NULL::timestamp with time zone AS changed_at,
    unsent.id AS outbox_id
   FROM ((psa.outbox_note unsent
     JOIN psa.ticket ON (((ticket.integration_id = unsent.integration_id) AND (ticket.psa_id = unsent.ticket_id))))
     JOIN psa.integration ON ((integration.id = unsent.integration_id)))
  WHERE ((ticket.out_of_scope IS NULL) AND (unsent.state = ANY (ARRAY['Unsent'::text, 'Sent'::text])) AND (NOT (EXISTS ( SELECT
           FROM psa.note
          WHERE ((note.integration_id = unsent.integration_id) AND (note.psa_id = unsent.psa_id))))));

COMMENT ON VIEW psa.visible_note IS 'The notes of visible tickets, internal ones included: look at discussion.';

COMMENT ON COLUMN psa.visible_note.outbox_id IS 'The row of outbox_note, for a note that did not come back yet.';

CREATE VIEW psa.visible_ticket WITH (security_invoker='true') AS
 SELECT ticket.id,
    integration.key AS integration,
    ticket.psa_id,
    ticket.summary,
    board.name AS board,
    status.name AS status,
    ticket_type.name AS type,
    priority.name AS priority,
    company.name AS company,
    concat_ws(' '::text, contact.first_name, contact.last_name) AS contact,
    owner.name AS owner,
    ARRAY( SELECT member.name
           FROM (psa.ticket_technician
             JOIN psa.member ON (((member.integration_id = ticket_technician.integration_id) AND (member.psa_id = ticket_technician.member_id))))
          WHERE ((ticket_technician.integration_id = ticket.integration_id) AND (ticket_technician.ticket_id = ticket.psa_id))
          ORDER BY member.name) AS technicians,
    ticket.severity,
    ticket.impact,
    ticket.source,
    ticket.closed,
    ticket.parent_id,
    ticket.budget_hours,
    ticket.actual_hours,
    ticket.required_at,
    ticket.closed_at,
    ticket.entered_at,
    ticket.updated_at,
    ticket.custom_fields,
    ticket.stale,
    ticket.changed_by_run,
    ticket.changed_at,
    ( SELECT note.text
           FROM psa.note
          WHERE (((note.integration_id = ticket.integration_id) AND (note.ticket_id = ticket.psa_id)) AND note.discussion)
          ORDER BY note.created_at, note.psa_id
         LIMIT 1) AS description,
    COALESCE(status.mapped, status.name) AS portal_status,
    COALESCE(priority.mapped, priority.name) AS portal_priority,
    ticket_subtype.name AS sub_type,
    ticket_item.name AS item,
    service_location.name AS location,
    ticket.project,
    ticket.project_name,
    ticket.phase
   FROM (((((((((((psa.ticket
     JOIN psa.integration ON ((integration.id = ticket.integration_id)))
     LEFT JOIN psa.board ON (((board.integration_id = ticket.integration_id) AND (board.psa_id = ticket.board_id))))
     LEFT JOIN psa.status ON (((status.integration_id = ticket.integration_id) AND (status.psa_id = ticket.status_id))))
     LEFT JOIN psa.ticket_type ON (((ticket_type.integration_id = ticket.integration_id) AND (ticket_type.psa_id = ticket.type_id))))
     LEFT JOIN psa.ticket_subtype ON (((ticket_subtype.integration_id = ticket.integration_id) AND (ticket_subtype.psa_id = ticket.subtype_id))))
     LEFT JOIN psa.ticket_item ON (((ticket_item.integration_id = ticket.integration_id) AND (ticket_item.psa_id = ticket.item_id))))
     LEFT JOIN psa.service_location ON (((service_location.integration_id = ticket.integration_id) AND (service_location.psa_id = ticket.location_id))))
     LEFT JOIN psa.priority ON (((priority.integration_id = ticket.integration_id) AND (priority.psa_id = ticket.priority_id))))
     LEFT JOIN psa.company ON (((company.integration_id = ticket.integration_id) AND (company.psa_id = ticket.company_id))))
     LEFT JOIN psa.contact ON (((contact.integration_id = ticket.integration_id) AND (contact.psa_id = ticket.contact_id))))
     LEFT JOIN psa.member owner ON (((owner.integration_id = ticket.integration_id) AND (owner.psa_id = ticket.owner_id))))
  WHERE (ticket.out_of_scope IS NULL);

COMMENT ON VIEW psa.visible_ticket IS 'The tickets that the user asked for, with the names of what they refer to.';

CREATE VIEW psa.visible_time_entry WITH (security_invoker='true') AS
 SELECT time_entry.id,
    integration.key AS integration,
    time_entry.psa_id,
    time_entry.ticket_id,
    member.name AS member,
    time_entry.work_type,
    time_entry.work_role,
    time_entry.started_at,
    time_entry.ended_at,
    time_entry.hours,
    time_entry.billable,
    time_entry.status,
    time_entry.notes,
    time_entry.internal_notes,
    time_entry.entered_by,
    time_entry.entered_at,
    time_entry.updated_at,
    time_entry.stale,
    time_entry.changed_by_run,
    time_entry.changed_at,
    NULL::bigint AS outbox_id
   FROM (((psa.time_entry
     JOIN psa.ticket ON (((ticket.integration_id = time_entry.integration_id) AND (ticket.psa_id = time_entry.ticket_id))))
     JOIN psa.integration ON ((integration.id = time_entry.integration_id)))
     LEFT JOIN psa.member ON (((member.integration_id = time_entry.integration_id) AND (member.psa_id = time_entry.member_id))))
  WHERE (ticket.out_of_scope IS NULL)
UNION ALL
 SELECT NULL::bigint AS id,
    integration.key AS integration,
    unsent.psa_id,
    unsent.ticket_id,
    member.name AS member,
    NULL::text AS work_type,
    NULL::text AS work_role,
    unsent.started_at,
    unsent.ended_at,
    COALESCE(unsent.hours, ((EXTRACT(epoch FROM (unsent.ended_at - unsent.started_at)) / (3600)::numeric))::double precision) AS hours,
    unsent.billable,
    NULL::text AS status,
    unsent.notes,
    unsent.internal_notes,
    unsent.created_by AS entered_by,
    unsent.created_at AS entered_at,
    NULL::timestamp with time zone AS updated_at,
    false AS stale,
    NULL::uuid AS changed_by_run,
    NULL::timestamp with time zone AS changed_at,
    unsent.id AS outbox_id
   FROM (((psa.outbox_time_entry unsent
     JOIN psa.ticket ON (((ticket.integration_id = unsent.integration_id) AND (ticket.psa_id = unsent.ticket_id))))
     JOIN psa.integration ON ((integration.id = unsent.integration_id)))
     LEFT JOIN psa.member ON (((member.integration_id = unsent.integration_id) AND (member.psa_id = unsent.member_id))))
  WHERE ((ticket.out_of_scope IS NULL) AND (unsent.state = ANY (ARRAY['Unsent'::text, 'Sent'::text])) AND (NOT (EXISTS ( SELECT
           FROM psa.time_entry
          WHERE ((time_entry.integration_id = unsent.integration_id) AND (time_entry.psa_id = unsent.psa_id))))));

COMMENT ON COLUMN psa.visible_time_entry.outbox_id IS 'The row of outbox_time_entry, for time that did not come back yet.';

CREATE UNLOGGED TABLE psa_stage.full_board_3 (
    run bigint CONSTRAINT quick_board_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_board_psa_id_not_null NOT NULL,
    name text,
    inactive boolean,
    project boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_company_3 (
    run bigint CONSTRAINT quick_company_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_company_psa_id_not_null NOT NULL,
    identifier text,
    name text,
    status text,
    phone text,
    website text,
    address_line1 text,
    address_line2 text,
    city text,
    state text,
    zip text,
    country text,
    deleted boolean,
    updated_at timestamp with time zone,
    origin text,
    status_id bigint,
    type_ids bigint[]
);

CREATE UNLOGGED TABLE psa_stage.full_company_status_3 (
    run bigint CONSTRAINT quick_company_status_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_company_status_psa_id_not_null NOT NULL,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_company_type_3 (
    run bigint CONSTRAINT quick_company_type_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_company_type_psa_id_not_null NOT NULL,
    name text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_contact_3 (
    run bigint CONSTRAINT quick_contact_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_contact_psa_id_not_null NOT NULL,
    company_id bigint,
    first_name text,
    last_name text,
    title text,
    email text,
    phone text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_custom_field_3 (
    run bigint CONSTRAINT quick_custom_field_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_custom_field_psa_id_not_null NOT NULL,
    caption text,
    field_type text,
    entry_type text,
    screen text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_listed_3 (
    run bigint CONSTRAINT quick_listed_run_not_null NOT NULL,
    entity text CONSTRAINT quick_listed_entity_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_listed_psa_id_not_null NOT NULL
);

CREATE UNLOGGED TABLE psa_stage.full_member_3 (
    run bigint CONSTRAINT quick_member_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_member_psa_id_not_null NOT NULL,
    identifier text,
    name text,
    email text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_note_3 (
    run bigint CONSTRAINT quick_note_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_note_psa_id_not_null NOT NULL,
    ticket_id bigint,
    text text,
    discussion boolean,
    internal boolean,
    resolution boolean,
    member_id bigint,
    contact_id bigint,
    author text,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_priority_3 (
    run bigint CONSTRAINT quick_priority_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_priority_psa_id_not_null NOT NULL,
    name text,
    color text,
    sort_order bigint,
    updated_at timestamp with time zone,
    origin text,
    mapped text
);

CREATE UNLOGGED TABLE psa_stage.full_service_location_3 (
    run bigint CONSTRAINT quick_service_location_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_service_location_psa_id_not_null NOT NULL,
    name text,
    place text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_status_3 (
    run bigint CONSTRAINT quick_status_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_status_psa_id_not_null NOT NULL,
    board_id bigint,
    name text,
    sort_order bigint,
    closed boolean,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text,
    mapped text
);

CREATE UNLOGGED TABLE psa_stage.full_ticket_3 (
    run bigint CONSTRAINT quick_ticket_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_ticket_psa_id_not_null NOT NULL,
    summary text,
    board_id bigint,
    status_id bigint,
    type_id bigint,
    priority_id bigint,
    company_id bigint,
    contact_id bigint,
    owner_id bigint,
    severity text,
    impact text,
    source text,
    closed boolean,
    parent_id bigint,
    budget_hours double precision,
    actual_hours double precision,
    required_at timestamp with time zone,
    closed_at timestamp with time zone,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    custom_fields jsonb,
    out_of_scope text,
    technicians text,
    origin text,
    subtype_id bigint,
    item_id bigint,
    source_id bigint,
    location_id bigint,
    project boolean,
    project_name text,
    phase text
);

CREATE UNLOGGED TABLE psa_stage.full_ticket_item_3 (
    run bigint CONSTRAINT quick_ticket_item_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_ticket_item_psa_id_not_null NOT NULL,
    board_id bigint,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_ticket_source_3 (
    run bigint CONSTRAINT quick_ticket_source_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_ticket_source_psa_id_not_null NOT NULL,
    name text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_ticket_subtype_3 (
    run bigint CONSTRAINT quick_ticket_subtype_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_ticket_subtype_psa_id_not_null NOT NULL,
    board_id bigint,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_ticket_type_3 (
    run bigint CONSTRAINT quick_ticket_type_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_ticket_type_psa_id_not_null NOT NULL,
    board_id bigint,
    name text,
    category text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.full_time_entry_3 (
    run bigint CONSTRAINT quick_time_entry_run_not_null NOT NULL,
    psa_id bigint CONSTRAINT quick_time_entry_psa_id_not_null NOT NULL,
    ticket_id bigint,
    member_id bigint,
    work_type text,
    work_role text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    hours double precision,
    billable text,
    status text,
    notes text,
    internal_notes text,
    entered_by text,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.parent_name (
    run bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL,
    name text NOT NULL
);

CREATE UNLOGGED TABLE psa_stage.quick_board (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    inactive boolean,
    project boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_company (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    identifier text,
    name text,
    status text,
    phone text,
    website text,
    address_line1 text,
    address_line2 text,
    city text,
    state text,
    zip text,
    country text,
    deleted boolean,
    updated_at timestamp with time zone,
    origin text,
    status_id bigint,
    type_ids bigint[]
);

CREATE UNLOGGED TABLE psa_stage.quick_company_status (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_company_type (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_contact (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    company_id bigint,
    first_name text,
    last_name text,
    title text,
    email text,
    phone text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_custom_field (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    caption text,
    field_type text,
    entry_type text,
    screen text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_listed (
    run bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL
);

CREATE UNLOGGED TABLE psa_stage.quick_member (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    identifier text,
    name text,
    email text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_note (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    ticket_id bigint,
    text text,
    discussion boolean,
    internal boolean,
    resolution boolean,
    member_id bigint,
    contact_id bigint,
    author text,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_priority (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    color text,
    sort_order bigint,
    updated_at timestamp with time zone,
    origin text,
    mapped text
);

CREATE UNLOGGED TABLE psa_stage.quick_service_location (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    place text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_status (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    board_id bigint,
    name text,
    sort_order bigint,
    closed boolean,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text,
    mapped text
);

CREATE UNLOGGED TABLE psa_stage.quick_ticket (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    summary text,
    board_id bigint,
    status_id bigint,
    type_id bigint,
    priority_id bigint,
    company_id bigint,
    contact_id bigint,
    owner_id bigint,
    severity text,
    impact text,
    source text,
    closed boolean,
    parent_id bigint,
    budget_hours double precision,
    actual_hours double precision,
    required_at timestamp with time zone,
    closed_at timestamp with time zone,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    custom_fields jsonb,
    out_of_scope text,
    technicians text,
    origin text,
    subtype_id bigint,
    item_id bigint,
    source_id bigint,
    location_id bigint,
    project boolean,
    project_name text,
    phase text
);

CREATE UNLOGGED TABLE psa_stage.quick_ticket_item (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    board_id bigint,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_ticket_source (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    name text,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_ticket_subtype (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    board_id bigint,
    name text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_ticket_type (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    board_id bigint,
    name text,
    category text,
    inactive boolean,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.quick_time_entry (
    run bigint NOT NULL,
    psa_id bigint NOT NULL,
    ticket_id bigint,
    member_id bigint,
    work_type text,
    work_role text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    hours double precision,
    billable text,
    status text,
    notes text,
    internal_notes text,
    entered_by text,
    entered_at timestamp with time zone,
    updated_at timestamp with time zone,
    origin text
);

CREATE UNLOGGED TABLE psa_stage.refused (
    run bigint NOT NULL,
    entity text NOT NULL,
    psa_id bigint NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    ticket_id bigint
);

CREATE UNLOGGED TABLE psa_stage.segment (
    run bigint NOT NULL,
    entity text NOT NULL,
    after_id bigint NOT NULL,
    upto_id bigint,
    done_until bigint NOT NULL,
    complete boolean NOT NULL
);

CREATE UNLOGGED TABLE psa_stage.stage (
    run bigint NOT NULL,
    mode text NOT NULL,
    epoch uuid NOT NULL,
    config_hash text NOT NULL,
    stage_version text NOT NULL,
    began timestamp with time zone,
    indexed boolean NOT NULL
);

CREATE UNLOGGED TABLE psa_stage.ticket_read (
    run bigint NOT NULL,
    entity text NOT NULL,
    ticket_id bigint NOT NULL,
    updated_at timestamp with time zone
);

INSERT INTO psa.board OVERRIDING SYSTEM VALUE VALUES
	(1, 13, 1, 'Help Desk', false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 17, 2, 'Managed Services', false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 18, 3, 'Projects & Installs', false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 19, 4, 'Alerts (RMM)', false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 20, 5, 'Sales Requests', false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.change_log OVERRIDING SYSTEM VALUE VALUES
	(1, 1, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', NULL, NULL, NULL, 'baseline', NULL, '2026-11-27 13:48:26.585146+00'),
	(2, 1, '4ba311a1-f746-4e40-81e8-04ed306a4a60', 'tickets', 10004, NULL, 'updated', '{summary,updated_at}', '2026-11-27 13:48:29.976558+00'),
	(3, 1, '4ba311a1-f746-4e40-81e8-04ed306a4a60', 'tickets', 10008, NULL, 'updated', '{summary,updated_at}', '2026-11-27 13:48:29.976558+00'),
	(4, 1, '4ba311a1-f746-4e40-81e8-04ed306a4a60', 'tickets', 10009, NULL, 'updated', '{summary,updated_at}', '2026-11-27 13:48:29.976558+00');

INSERT INTO psa.company OVERRIDING SYSTEM VALUE VALUES
	(1, 2004, 1, 'SunriseClinicAB10', 'Sunrise Clinic AB 1', 'Active', '8135550000', NULL, '368 Main Street', NULL, 'Utrecht', 'FL', '40245', 'United States', false, '2024-07-25 06:19:41+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', 1, '{1}'),
	(1, 2006, 2, 'BrightPathBakeryAB21', 'Bright Path Bakery AB 2', 'Active', '8135550001', NULL, '13 Main Street', NULL, 'Durban', 'FL', '87217', 'United States', false, '2026-04-05 23:11:14+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', 1, '{1}'),
	(1, 2009, 3, 'LakesideLawInc32', 'Lakeside Law Inc 3', 'Active', '8135550002', NULL, '379 Main Street', NULL, 'Malmö', 'FL', '84231', 'United States', false, '2026-11-20 15:22:45+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', 1, '{1}'),
	(1, 2014, 4, 'LakesideDentalInc43', 'Lakeside Dental Inc 4', 'Active', '8135550003', NULL, '402 Main Street', NULL, 'Utrecht', 'FL', '62294', 'United States', false, '2024-04-11 14:28:24+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', 1, '{1}'),
	(1, 2018, 5, 'GreenValleySchoolsLLC54', 'Green Valley Schools LLC 5', 'Active', '8135550004', NULL, '69 Main Street', NULL, 'Perth', 'FL', '67753', 'United States', false, '2024-03-16 15:58:15+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', 1, '{1}');

INSERT INTO psa.company_status OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 1, 'Active', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 3, 2, 'Credit Hold', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 7, 3, 'Not-Active', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.company_type OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 1, 'Customer', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2, 2, 'Prospect', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5, 3, 'Vendor', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 8, 4, 'Former customer', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.contact OVERRIDING SYSTEM VALUE VALUES
	(1, 5003, 1, 2004, 'Xavier', 'Eriksen', NULL, 'xavier.5003@customer.example', '8135555003', false, '2026-11-26 15:18:09+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5004, 2, 2018, 'Carla', 'Ångström', NULL, 'carla.5004@customer.example', '8135555004', false, '2026-10-18 09:15:28+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5006, 3, 2006, 'Karin', 'Larsen', NULL, 'karin.5006@customer.example', '8135555006', false, '2024-03-16 11:29:47+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5009, 4, 2004, 'Rosa', 'Petrov', NULL, 'rosa.5009@customer.example', '8135555009', false, '2024-10-29 19:30:14+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5013, 5, 2006, 'Mia', 'Xu', NULL, 'mia.5013@customer.example', '8135555013', false, '2026-06-21 06:10:10+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5016, 6, 2006, 'Amir', 'Garcia', NULL, 'amir.5016@customer.example', '8135555016', false, '2024-09-15 21:39:13+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5019, 7, 2018, 'Uma', 'Jansen', NULL, 'uma.5019@customer.example', '8135555019', false, '2026-10-15 23:46:58+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5020, 8, 2009, 'Noah', 'Fischer', NULL, 'noah.5020@customer.example', '8135555020', false, '2024-09-12 16:45:51+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5023, 9, 2018, 'Tariq', 'Kowalski', NULL, 'tariq.5023@customer.example', '8135555023', false, '2024-08-07 16:54:51+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 5025, 10, 2006, 'Omar', 'Xu', NULL, 'omar.5025@customer.example', '8135555025', false, '2025-11-20 02:58:50+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.custom_field OVERRIDING SYSTEM VALUE VALUES
	(1, 22, 1, 'Asset Tag', 'Text', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 26, 2, 'Root Cause', 'TextArea', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30, 3, 'Story Points', 'Number', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 34, 4, 'Quoted', 'Currency', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 35, 5, 'Promised By', 'Date', 'Date', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 37, 6, 'VIP', 'Checkbox', 'Option', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 41, 7, 'Vendor Case', 'Hyperlink', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 45, 8, 'Done', 'Percent', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 48, 9, 'Environment', 'Text', 'List', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 50, 10, 'Device Address', 'IPAddress', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.integration OVERRIDING SYSTEM VALUE VALUES
	(1, 'older-release/acme', 'ConnectWise', 'harbor', '223630aa-74234e98-4f53cda1-68105452-3', '2026-11-27 13:48:23.609719+00', false, NULL);

INSERT INTO psa.mark VALUES
	(1, 'boards', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'statuses', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'types', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'subtypes', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'items', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'sources', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'locations', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'priorities', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'members', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'customFields', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'companyStatuses', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'companyTypes', '2026-11-27 13:48:25+00', '2026-11-27 13:48:25+00'),
	(1, 'companies', '2026-11-27 13:48:25+00', '2026-11-27 13:48:29+00'),
	(1, 'contacts', '2026-11-27 13:48:25+00', '2026-11-27 13:48:29+00'),
	(1, 'tickets', '2026-11-27 13:48:27+00', '2026-11-27 13:48:29+00'),
	(1, 'timeEntries', '2026-11-27 13:48:25+00', '2026-11-27 13:48:29+00');

INSERT INTO psa.member OVERRIDING SYSTEM VALUE VALUES
	(1, 142, 1, 'JCastillo0', 'Jonas Castillo', 'jcastillo0@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 145, 2, 'UPetrov1', 'Uma Petrov', 'upetrov1@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 148, 3, 'QJansen2', 'Quinn Jansen', 'qjansen2@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 149, 4, 'DQuiroga3', 'Diego Quiroga', 'dquiroga3@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 153, 5, 'FYilmaz4', 'Farid Yilmaz', 'fyilmaz4@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 156, 6, 'EPetrov5', 'Emma Petrov', 'epetrov5@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 160, 7, 'AVogel6', 'Anna Vogel', 'avogel6@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 161, 8, 'WSchmidt7', 'Wanda Schmidt', 'wschmidt7@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 164, 9, 'MWeber8', 'Mia Weber', 'mweber8@msp.example', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 167, 10, 'ZPetrov9', 'Zoe Petrov', 'zpetrov9@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 171, 11, 'CMller10', 'Carla Müller', 'cmller10@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 172, 12, 'LPetrov11', 'Lena Petrov', 'lpetrov11@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 173, 13, 'BXu12', 'Ben Xu', 'bxu12@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 176, 14, 'XVogel13', 'Xavier Vogel', 'xvogel13@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 180, 15, 'LWeber14', 'Liam Weber', 'lweber14@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 184, 16, 'NAbbott15', 'Nadia Abbott', 'nabbott15@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 188, 17, 'NFischer16', 'Nadia Fischer', 'nfischer16@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 189, 18, 'SBerg17', 'Sofia Berg', 'sberg17@msp.example', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 191, 19, 'LEriksen18', 'Liam Eriksen', 'leriksen18@msp.example', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.migration VALUES
	('0001_live', '2026-11-27 13:48:22.847979+00'),
	('0002_stage', '2026-11-27 13:48:22.847979+00'),
	('0003_approval', '2026-11-27 13:48:22.847979+00'),
	('0004_notes_and_mappings', '2026-11-27 13:48:22.847979+00'),
	('0005_history', '2026-11-27 13:48:22.847979+00'),
	('0006_limited', '2026-11-27 13:48:22.847979+00'),
	('0007_two_way', '2026-11-27 13:48:22.847979+00'),
	('0008_lists', '2026-11-27 13:48:22.847979+00'),
	('0009_list_changes', '2026-11-27 13:48:22.847979+00');

INSERT INTO psa.note OVERRIDING SYSTEM VALUE VALUES
	(1, 640256, 1, 10004, 'k for about an hour. Replaced the cable; link lights are green again. Event log shows disk warnings, so I ordered a replacement drive.
Replaced the cable; link lights are green again. שלום, אי', true, false, false, 180, NULL, 'LWeber14', '2024-01-12 15:00:00+00', '2024-01-12 15:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 640512, 2, 10008, 'quotes”, an em-dash — and a soft­hyphen. Waiting for the vendor, who promised an answer by Friday.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps', true, false, false, 180, NULL, 'LWeber14', '2024-04-12 21:00:00+00', '2024-04-12 21:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 640576, 3, 10009, '', true, false, false, 160, NULL, 'AVogel6', '2024-07-13 03:00:00+00', '2024-07-13 03:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 640768, 4, 10012, 'r the steps. C:\Users\Pu', true, false, false, 156, NULL, 'EPetrov5', '2024-10-12 09:00:00+00', '2024-10-12 09:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 641024, 5, 10016, '', true, false, false, 149, NULL, 'DQuiroga3', '2025-01-11 15:00:00+00', '2025-01-11 15:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 641152, 6, 10018, 'مرحبا، الطابعة لا تعمل منذ الصباح.
🙏', true, false, false, 153, NULL, 'FYilmaz4', '2025-04-12 21:00:00+00', '2025-04-12 21:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 641408, 7, 10022, 'again. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Event log shows disk warnings, so I ordered a replacement drive. Waiting for the vendor, who promised an answer by Friday.
Restarted the service and it came back for about an hour.
Event log shows disk warnings, so I ordered a replacement drive.
C:\Users\Public\Desktop was full of copies of the same file. Restarted the service', true, false, false, 167, NULL, 'ZPetrov9', '2025-07-13 03:00:00+00', '2025-07-13 03:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 641664, 8, 10026, 'שת מאז הבוקר.
Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Waiting for the vendor, who promised an answer by Friday.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
C:\Users\Public\Desktop was full of copies of the same file.
The user called and said that it happens every morning. C:\Users\Public\Desktop was full of copies of the same file.
שלום, אין חיבור לרשת מאז הבוקר. שלום, אין חיבור לרשת מאז הבוקר. Resta', true, false, false, 153, NULL, 'FYilmaz4', '2025-10-12 09:00:00+00', '2025-10-23 01:29:53+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 641856, 9, 10029, ' Rückruf prüfen, ob die Lizenz noch gültig ist. Customer is happy 🎉 and agreed to close. שלום, אין חיבור לרשת מאז הבוקר. Waiting for the vendor, who promised an answer by Friday. Cu', true, false, false, 156, NULL, 'EPetrov5', '2026-01-11 15:00:00+00', '2026-01-11 15:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 642112, 10, 10033, '## Steps

1. **Reboot** it
2. `ipconfig`

| Host | State |
|---|---|
| DC01 | ok |', true, false, false, 153, NULL, 'FYilmaz4', '2026-04-12 21:00:00+00', '2026-04-12 21:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 642176, 11, 10034, 'iday. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. שלום, אין חיבור לרשת מאז הבוקר. Event log shows disk warnings, so I ordered a replacement drive. C:\Users\Public\Desktop was full of copies of the same', true, false, false, 188, NULL, 'NFischer16', '2026-07-13 03:00:00+00', '2026-07-13 03:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 642368, 12, 10037, ' אין חיבור לרשת מאז הבוקר.
C:\Users\Public\Desktop was full of copies of the same file. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Event log shows disk warnings, so I ordered a replacement drive. Customer is happy 🎉 and agreed to close. Waiting for the vendor, who promised an answer by Friday. Customer is happy 🎉 and agreed to clos', true, false, false, NULL, 5020, 'Noah Fischer', '2026-10-12 09:00:00+00', '2026-10-12 09:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.priority OVERRIDING SYSTEM VALUE VALUES
	(1, 7, 1, 'Priority 1 - Emergency Response', 'Red', 1, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 11, 2, 'Priority 2 - Quick Response', 'Orange', 3, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 15, 3, 'Priority 3 - Normal Response', 'Yellow', 5, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 18, 4, 'Priority 4 - Scheduled Maintenance', 'Green', 7, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 21, 5, 'Do Not Respond', 'White', 9, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL);

INSERT INTO psa.run OVERRIDING SYSTEM VALUE VALUES
	('2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', 1, 1, 'older-release/first', 'Full', 'Full', 'a test', '', false, '223630aa-74234e98-4f53cda1-68105452-3', 1, 0, false, 'Succeeded', '2026-11-27 13:48:23.609719+00', '2026-11-27 13:48:25.533811+00', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', NULL, false, '', 'c130a07b-511d-4871-ba4d-efb08290af6d', '{"phase": "Preparing", "total": 0, "entity": "", "fetched": {}, "percent": 0, "processed": 0, "eta_seconds": null, "psa_seconds": 0.0, "waiting_for": null, "rate_per_second": 0.0, "database_seconds": 0.0}', '{"plan": {"rows": {"items": 25, "types": 32, "boards": 5, "members": 19, "sources": 4, "tickets": 12, "contacts": 10, "statuses": 45, "subtypes": 79, "companies": 5, "locations": 3, "priorities": 5, "timeEntries": 12, "companyTypes": 4, "customFields": 10, "companyStatuses": 3}, "pages": 4, "requests": 130, "local_changes": 0, "budget_percent": 1, "estimated_seconds": 0}, "drift": null, "local": null, "checks": [{"check": "Count/boards", "actual": "5", "result": "Passed", "message": "", "expected": "5"}, {"check": "Count/statuses", "actual": "45", "result": "Passed", "message": "", "expected": "45"}, {"check": "Count/types", "actual": "32", "result": "Passed", "message": "", "expected": "32"}, {"check": "Count/subtypes", "actual": "79", "result": "Passed", "message": "", "expected": "79"}, {"check": "Count/items", "actual": "25", "result": "Passed", "message": "", "expected": "25"}, {"check": "Count/sources", "actual": "4", "result": "Passed", "message": "", "expected": "4"}, {"check": "Count/locations", "actual": "3", "result": "Passed", "message": "", "expected": "3"}, {"check": "Count/priorities", "actual": "5", "result": "Passed", "message": "", "expected": "5"}, {"check": "Count/members", "actual": "19", "result": "Passed", "message": "", "expected": "19"}, {"check": "Count/customFields", "actual": "10", "result": "Passed", "message": "", "expected": "10"}, {"check": "Count/companyStatuses", "actual": "3", "result": "Passed", "message": "", "expected": "3"}, {"check": "Count/companyTypes", "actual": "4", "result": "Passed", "message": "", "expected": "4"}, {"check": "Count/companies", "actual": "5", "result": "Passed", "message": "", "expected": "5"}, {"check": "Count/contacts", "actual": "10", "result": "Passed", "message": "", "expected": "10"}, {"check": "Count/tickets", "actual": "12", "result": "Passed", "message": "", "expected": "12"}, {"check": "Count/timeEntries", "actual": "12", "result": "Passed", "message": "", "expected": "12"}, {"check": "Boards/tickets", "actual": "5", "result": "Passed", "message": "", "expected": "5"}, {"check": "Newest/tickets", "actual": "12", "result": "Passed", "message": "", "expected": "12"}, {"check": "Sample/tickets", "actual": "12", "result": "Passed", "message": "", "expected": "12"}, {"check": "Emptied", "actual": "0", "result": "Passed", "message": "", "expected": "0"}, {"check": "Plan/requests", "actual": "127", "result": "Passed", "message": "", "expected": "130"}], "counts": {"items": {"created": 25, "deleted": 0, "fetched": 25, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "notes": {"created": 12, "deleted": 0, "fetched": 12, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "types": {"created": 32, "deleted": 0, "fetched": 32, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "boards": {"created": 5, "deleted": 0, "fetched": 5, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "members": {"created": 19, "deleted": 0, "fetched": 19, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "sources": {"created": 4, "deleted": 0, "fetched": 4, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "tickets": {"created": 12, "deleted": 0, "fetched": 12, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "contacts": {"created": 10, "deleted": 0, "fetched": 10, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "statuses": {"created": 45, "deleted": 0, "fetched": 45, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "subtypes": {"created": 79, "deleted": 0, "fetched": 79, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "companies": {"created": 5, "deleted": 0, "fetched": 5, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "locations": {"created": 3, "deleted": 0, "fetched": 3, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "priorities": {"created": 5, "deleted": 0, "fetched": 5, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "technicians": {"created": 16, "deleted": 0, "fetched": 16, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "timeEntries": {"created": 12, "deleted": 0, "fetched": 12, "updated": 0, "repaired": 1, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "companyTypes": {"created": 4, "deleted": 0, "fetched": 4, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "customFields": {"created": 10, "deleted": 0, "fetched": 10, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "companyStatuses": {"created": 3, "deleted": 0, "fetched": 3, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}}, "newest": [10037, "2026-10-25T14:59:24Z"], "notices": [], "samples": {}, "skipped": {}, "problems": [], "requests": 127, "warnings": 0, "kept_newer": {}, "to_approve": 0, "error_count": 0, "explanations": [], "effective_mode": "Full", "rollback_until": null, "resync_required": ""}', '{"rows": {"note": 12, "board": 5, "listed": 273, "member": 19, "status": 45, "ticket": 12, "company": 5, "contact": 10, "refused": 0, "priority": 5, "time_entry": 12, "ticket_item": 25, "ticket_type": 32, "company_type": 4, "custom_field": 10, "ticket_source": 4, "company_status": 3, "ticket_subtype": 79, "service_location": 3}, "epoch": "c130a07b-511d-4871-ba4d-efb08290af6d", "deletions": {"items": 0, "notes": 0, "types": 0, "boards": 0, "members": 0, "sources": 0, "tickets": 0, "contacts": 0, "statuses": 0, "subtypes": 0, "companies": 0, "locations": 0, "priorities": 0, "technicians": 0, "timeEntries": 0, "companyTypes": 0, "customFields": 0, "companyStatuses": 0}}', 'Succeeded', '', 0, true, NULL, NULL, NULL, NULL, NULL, false),
	('4ba311a1-f746-4e40-81e8-04ed306a4a60', 2, 1, 'older-release/quick', 'Quick', 'Quick', '', '', false, '223630aa-74234e98-4f53cda1-68105452-3', 1, 0, false, 'Succeeded', '2026-11-27 13:48:27.487349+00', '2026-11-27 13:48:29.414501+00', '2026-11-27 13:48:29.976558+00', '2026-11-27 13:48:29.976558+00', NULL, false, '', 'baff8814-85db-45e3-bd37-5474799e5f33', '{"phase": "Preparing", "total": 0, "entity": "", "fetched": {}, "percent": 0, "processed": 0, "eta_seconds": null, "psa_seconds": 0.0, "waiting_for": null, "rate_per_second": 0.0, "database_seconds": 0.0}', '{"plan": null, "drift": null, "local": null, "checks": [], "counts": {"items": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "notes": {"created": 0, "deleted": 0, "fetched": 3, "updated": 0, "repaired": 0, "unchanged": 3, "kept_newer": 0, "quarantined": 0}, "types": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "boards": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "members": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "sources": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "tickets": {"created": 0, "deleted": 0, "fetched": 3, "updated": 3, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "contacts": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "statuses": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "subtypes": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "companies": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "locations": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "priorities": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "technicians": {"created": 0, "deleted": 0, "fetched": 3, "updated": 0, "repaired": 0, "unchanged": 3, "kept_newer": 0, "quarantined": 0}, "timeEntries": {"created": 0, "deleted": 0, "fetched": 3, "updated": 0, "repaired": 0, "unchanged": 3, "kept_newer": 0, "quarantined": 0}, "companyTypes": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "customFields": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}, "companyStatuses": {"created": 0, "deleted": 0, "fetched": 0, "updated": 0, "repaired": 0, "unchanged": 0, "kept_newer": 0, "quarantined": 0}}, "newest": [10009, "2026-11-27T13:48:27Z"], "notices": [], "samples": {}, "skipped": {}, "problems": [], "requests": 24, "warnings": 0, "kept_newer": {}, "to_approve": 0, "error_count": 0, "explanations": [], "effective_mode": "Quick", "rollback_until": null, "resync_required": ""}', '{"rows": {"note": 3, "board": 0, "listed": 0, "member": 0, "status": 0, "ticket": 3, "company": 0, "contact": 0, "refused": 0, "priority": 0, "time_entry": 3, "ticket_item": 0, "ticket_type": 0, "company_type": 0, "custom_field": 0, "ticket_source": 0, "company_status": 0, "ticket_subtype": 0, "service_location": 0}, "epoch": "baff8814-85db-45e3-bd37-5474799e5f33", "deletions": {"items": 0, "notes": 0, "types": 0, "boards": 0, "members": 0, "sources": 0, "tickets": 0, "contacts": 0, "statuses": 0, "subtypes": 0, "companies": 0, "locations": 0, "priorities": 0, "technicians": 0, "timeEntries": 0, "companyTypes": 0, "customFields": 0, "companyStatuses": 0}}', 'Succeeded', '', 0, false, NULL, NULL, NULL, NULL, NULL, false),
	('b9fec6c1-1fb6-4dc1-8a05-533b727b86c1', 3, 1, 'older-release/in-the-middle', 'Full', 'Full', 'a test', '', false, '223630aa-74234e98-4f53cda1-68105452-3', 1, 0, false, 'Fetching', '2026-11-27 13:48:30.701201+00', '2026-11-27 13:48:32.702278+00', '2026-11-27 13:48:41.761484+00', NULL, NULL, false, '', '0b87177c-c9f9-47b7-bd1f-c6027eca8701', '{"phase": "Fetching", "total": 12, "entity": "tickets", "fetched": {"items": 25, "types": 32, "boards": 5, "members": 19, "sources": 4, "tickets": 12, "contacts": 10, "statuses": 45, "subtypes": 79, "companies": 5, "locations": 3, "priorities": 5, "companyTypes": 4, "customFields": 10, "companyStatuses": 3}, "percent": 80, "processed": 12, "eta_seconds": 2, "psa_seconds": 7.7, "waiting_for": null, "rate_per_second": 32.2, "database_seconds": 0.4}', '{"plan": {"rows": {"items": 25, "types": 32, "boards": 5, "members": 19, "sources": 4, "tickets": 12, "contacts": 10, "statuses": 45, "subtypes": 79, "companies": 5, "locations": 3, "priorities": 5, "timeEntries": 12, "companyTypes": 4, "customFields": 10, "companyStatuses": 3}, "pages": 4, "requests": 130, "local_changes": 0, "budget_percent": 1, "estimated_seconds": 0}, "drift": null, "local": null, "checks": [], "counts": {}, "newest": null, "notices": [], "samples": {}, "skipped": {}, "problems": [], "requests": 68, "warnings": 0, "kept_newer": {}, "to_approve": 0, "error_count": 0, "explanations": [], "effective_mode": "Full", "rollback_until": null, "resync_required": ""}', NULL, 'Shutdown', 'The worker was asked to end; what was read is kept for the next attempt', 0, false, NULL, NULL, NULL, NULL, NULL, false);

INSERT INTO psa.service_location OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 1, 'On-Site', 'OnSite', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2, 2, 'Remote', 'Remote', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 3, 3, 'In-house', 'InHouse', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.status OVERRIDING SYSTEM VALUE VALUES
	(1, 300, 1, 13, 'New', 0, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 303, 2, 13, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 306, 3, 13, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 309, 4, 13, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 312, 5, 13, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 315, 6, 13, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 318, 7, 13, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 321, 8, 13, 'Completed', 7, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 324, 9, 13, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 340, 10, 17, 'New', 0, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 343, 11, 17, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 346, 12, 17, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 349, 13, 17, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 352, 14, 17, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 355, 15, 17, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 358, 16, 17, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 361, 17, 17, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 364, 18, 17, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 380, 19, 18, 'New', 0, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 383, 20, 18, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 386, 21, 18, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 389, 22, 18, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 392, 23, 18, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 395, 24, 18, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 398, 25, 18, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 401, 26, 18, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 404, 27, 18, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 420, 28, 19, 'New', 0, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 423, 29, 19, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 426, 30, 19, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 429, 31, 19, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 432, 32, 19, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 435, 33, 19, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 438, 34, 19, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 441, 35, 19, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 444, 36, 19, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 460, 37, 20, 'New', 0, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 463, 38, 20, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 466, 39, 20, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 469, 40, 20, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 472, 41, 20, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 475, 42, 20, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 478, 43, 20, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 481, 44, 20, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL),
	(1, 484, 45, 20, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', NULL);

INSERT INTO psa.ticket OVERRIDING SYSTEM VALUE VALUES
	(1, 10012, 4, 'New user drops every few minutes on 3rd floor (PC-2005)', 19, 444, 757, 18, 2009, 5020, 156, 'High', 'Medium', 'Monitoring', true, NULL, 7, 0.75, NULL, '2026-10-18 00:00:00+00', '2024-10-12 09:00:00+00', '2026-10-18 00:00:00+00', '{"VIP": true, "Asset Tag": "‎AT-76665", "Vendor Case": "https://vendor.example/case/146?lang=en&view=all", "Device Address": "10.10.53.71"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1266, 2128, 4, 3, false, NULL, NULL),
	(1, 10016, 5, 'QuickBooks will not start in meeting room B (PC-6561)', 19, 444, 760, 11, 2006, 5016, 149, 'Medium', 'Low', 'Phone', true, NULL, 2.5, 2, NULL, '2025-01-26 13:13:56+00', '2025-01-11 15:00:00+00', '2025-01-26 13:13:56+00', '{"Done": 93.83, "Root Cause": "ows disk warnings, so I ordered a replacement drive. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.\r\nCustomer is happy 🎉 and agreed to close.\r\nReplaced the cable; link lights are green again.\r\nSee <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.", "Environment": "Staging", "Vendor Case": "https://vendor.example/case/2242?lang=en&view=all"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1250, 2126, 2, 1, false, NULL, NULL),
	(1, 10018, 6, 'File share shows an error at the branch office (PC-6771)', 19, 444, 763, 18, 2004, 5009, 153, 'Medium', 'High', 'Email Connector', true, NULL, 2, 8.5, NULL, '2025-04-15 16:13:00+00', '2025-04-12 21:00:00+00', '2025-04-15 16:13:00+00', '{"VIP": false, "Quoted": 876.04, "Asset Tag": "‎AT-03081"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1289, 2128, 1, 1, false, NULL, NULL),
	(1, 10022, 7, 'Firewall full for the new starter (PC-4945)', 18, 392, 712, 7, 2006, 5006, 167, 'High', 'Medium', 'Portal', false, NULL, NULL, 4.5, NULL, NULL, '2025-07-13 03:00:00+00', '2025-08-05 21:30:17+00', '{"Done": 69.18, "Quoted": 476.99, "Promised By": "2025-08-22T00:00:00Z"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1200, 2085, 3, 2, false, NULL, NULL),
	(1, 10026, 8, 'Server backup very slow since the update for the whole office (PC-0188)', 13, 321, 604, 21, 2006, 5025, 153, 'High', 'Medium', 'Monitoring', true, NULL, 6, 9.25, NULL, '2025-10-25 20:27:16+00', '2025-10-12 09:00:00+00', '2025-10-25 20:27:16+00', '{"VIP": false, "Done": 20.59, "Environment": "Staging", "Promised By": "2024-12-04T00:00:00Z", "Vendor Case": "https://vendor.example/case/1853?lang=en&view=all", "Device Address": "10.170.160.224"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1020, 2008, 4, 3, false, NULL, NULL),
	(1, 10029, 9, 'VPN expired at the branch office (PC-9967)', 17, 364, 657, 18, 2018, 5019, 156, 'High', 'High', 'Monitoring', true, NULL, 4, 7.75, NULL, '2026-01-23 19:33:43+00', '2026-01-11 15:00:00+00', '2026-01-23 19:33:43+00', '{"VIP": true, "Done": 5.39, "Asset Tag": "‎AT-05330", "Environment": "Staging", "Vendor Case": "https://vendor.example/case/3151?lang=en&view=all", "Story Points": 17, "Device Address": "10.115.105.16"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', NULL, NULL, 4, 3, false, NULL, NULL),
	(1, 10033, 10, 'Laptop full for the new starter (PC-9129)', 13, 324, 603, 11, 2006, 5013, 153, 'Low', 'Low', 'Portal', true, NULL, 2.5, 2.5, '2026-04-12 00:00:00+00', '2026-04-30 18:09:59+00', '2026-04-12 21:00:00+00', '2026-04-30 18:09:59+00', '{"Quoted": 168.76, "Asset Tag": "‎AT-78914", "Promised By": "2026-03-27T00:00:00Z"}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1014, 2012, 3, 2, false, NULL, NULL),
	(1, 10034, 11, 'Badge reader needs a quote in meeting room B (PC-7631)', 17, 364, 652, 15, 2009, 5020, 188, 'High', 'Low', 'Phone', true, NULL, 3, 7.25, NULL, '2026-07-21 14:12:27+00', '2026-07-13 03:00:00+00', '2026-07-21 14:12:27+00', '{"Root Cause": "kb/17\">article 17</a> &nbsp; for the steps. Event log shows disk warnings, so I ordered a replacement drive. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.\r\nWaiting for the vendor, who promised an answer by Friday. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Event log shows disk warning", "Promised By": "2025-10-24T00:00:00Z", "Story Points": 5}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', 1091, NULL, 2, 3, false, NULL, NULL),
	(1, 10037, 12, 'Teams call drops every few minutes at reception (PC-6809)', 13, 324, 613, 15, 2009, 5020, 153, 'Medium', 'Medium', 'Phone', true, NULL, 5, 4, NULL, '2026-10-25 14:59:24+00', '2026-10-12 09:00:00+00', '2026-10-25 14:59:24+00', '{"VIP": false, "Done": 72.09, "Asset Tag": "‎AT-75351", "Root Cause": "Rückruf prüfen, ob die Lizenz noch gültig ist.\r\nPasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. Restarted the service and it came back for about", "Vendor Case": "https://vendor.example/case/8708?lang=en&view=all", "Story Points": 0}', NULL, false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00', '2026-11-27 13:48:26.585146+00', NULL, NULL, 2, 1, false, NULL, NULL),
	(1, 10004, 1, 'changed once', 13, 321, 613, 18, 2018, 5019, 180, 'Medium', 'Medium', 'Phone', true, NULL, 5, 4.75, NULL, '2024-01-23 11:31:36+00', '2024-01-12 15:00:00+00', '2026-11-27 13:48:27+00', '{"Done": 51.75, "Asset Tag": "‎AT-67637", "Promised By": "2024-11-18T00:00:00Z", "Device Address": "10.8.131.192"}', NULL, false, '4ba311a1-f746-4e40-81e8-04ed306a4a60', '2026-11-27 13:48:29.976558+00', '2026-11-27 13:48:26.585146+00', 1037, 2009, 2, 1, false, NULL, NULL),
	(1, 10008, 2, 'changed once', 17, 364, 653, 7, 2006, 5006, 180, 'Medium', 'Low', 'Monitoring', true, NULL, 6, 6.5, NULL, '2024-05-15 22:32:08+00', '2024-04-12 21:00:00+00', '2026-11-27 13:48:27+00', '{"VIP": true, "Done": 69.03, "Root Cause": "See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. See "}', NULL, false, '4ba311a1-f746-4e40-81e8-04ed306a4a60', '2026-11-27 13:48:29.976558+00', '2026-11-27 13:48:26.585146+00', 1092, 2052, 4, 1, false, NULL, NULL),
	(1, 10009, 3, 'changed once', 18, 404, 708, 21, 2006, 5006, 160, 'Low', 'Medium', 'Email Connector', true, NULL, 5.5, 1.25, '2024-07-13 00:00:00+00', '2024-07-17 06:46:12+00', '2024-07-13 03:00:00+00', '2026-11-27 13:48:27+00', '{"Story Points": 19}', NULL, false, '4ba311a1-f746-4e40-81e8-04ed306a4a60', '2026-11-27 13:48:29.976558+00', '2026-11-27 13:48:26.585146+00', 1179, 2085, 1, 2, false, NULL, NULL);

INSERT INTO psa.ticket_item OVERRIDING SYSTEM VALUE VALUES
	(1, 2004, 1, 13, 'Offline', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2008, 2, 13, 'Slow', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2009, 3, 13, 'Broken', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2012, 4, 13, 'Question', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2013, 5, 13, 'Old - do not use', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2044, 6, 17, 'Offline', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2047, 7, 17, 'Slow', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2051, 8, 17, 'Broken', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2052, 9, 17, 'Question', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2054, 10, 17, 'Old - do not use', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2084, 11, 18, 'Offline', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2085, 12, 18, 'Slow', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2086, 13, 18, 'Broken', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2090, 14, 18, 'Question', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2091, 15, 18, 'Old - do not use', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2123, 16, 19, 'Offline', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2126, 17, 19, 'Slow', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2128, 18, 19, 'Broken', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2131, 19, 19, 'Question', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2132, 20, 19, 'Old - do not use', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2161, 21, 20, 'Offline', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2162, 22, 20, 'Slow', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2165, 23, 20, 'Broken', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2168, 24, 20, 'Question', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2169, 25, 20, 'Old - do not use', true, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.ticket_source OVERRIDING SYSTEM VALUE VALUES
	(1, 1, 1, 'Email Connector', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 2, 2, 'Phone', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 3, 3, 'Portal', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 4, 4, 'Monitoring', '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.ticket_subtype OVERRIDING SYSTEM VALUE VALUES
	(1, 1004, 1, 13, 'Printer', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1008, 2, 13, 'Laptop', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1012, 3, 13, 'Peripheral', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1013, 4, 13, 'Office', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1014, 5, 13, 'Line of business', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1016, 6, 13, 'Update', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1017, 7, 13, 'Wi-Fi', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1020, 8, 13, 'VPN', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1024, 9, 13, 'Internet', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1026, 10, 13, 'Mailbox', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1029, 11, 13, 'Spam', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1032, 12, 13, 'Phishing', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1033, 13, 13, 'Antivirus', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1035, 14, 13, 'New user', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1036, 15, 13, 'Access', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1037, 16, 13, 'Quote', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1083, 17, 17, 'Printer', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1087, 18, 17, 'Laptop', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1091, 19, 17, 'Peripheral', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1092, 20, 17, 'Office', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1094, 21, 17, 'Line of business', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1096, 22, 17, 'Update', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1099, 23, 17, 'Wi-Fi', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1103, 24, 17, 'VPN', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1106, 25, 17, 'Internet', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1107, 26, 17, 'Mailbox', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1108, 27, 17, 'Spam', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1161, 28, 18, 'Printer', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1165, 29, 18, 'Laptop', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1167, 30, 18, 'Peripheral', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1171, 31, 18, 'Office', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1172, 32, 18, 'Line of business', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1175, 33, 18, 'Update', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1176, 34, 18, 'Wi-Fi', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1177, 35, 18, 'VPN', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1178, 36, 18, 'Internet', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1179, 37, 18, 'Mailbox', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1183, 38, 18, 'Spam', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1185, 39, 18, 'Phishing', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1187, 40, 18, 'Antivirus', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1191, 41, 18, 'New user', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1195, 42, 18, 'Access', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1199, 43, 18, 'Quote', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1200, 44, 18, 'Backup', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1202, 45, 18, 'Disk', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1242, 46, 19, 'Printer', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1246, 47, 19, 'Laptop', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1247, 48, 19, 'Peripheral', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1250, 49, 19, 'Office', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1252, 50, 19, 'Line of business', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1256, 51, 19, 'Update', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1259, 52, 19, 'Wi-Fi', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1262, 53, 19, 'VPN', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1266, 54, 19, 'Internet', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1270, 55, 19, 'Mailbox', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1274, 56, 19, 'Spam', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1277, 57, 19, 'Phishing', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1281, 58, 19, 'Antivirus', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1284, 59, 19, 'New user', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1285, 60, 19, 'Access', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1289, 61, 19, 'Quote', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1324, 62, 20, 'Printer', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1326, 63, 20, 'Laptop', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1327, 64, 20, 'Peripheral', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1329, 65, 20, 'Office', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1331, 66, 20, 'Line of business', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1335, 67, 20, 'Update', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1337, 68, 20, 'Wi-Fi', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1339, 69, 20, 'VPN', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1342, 70, 20, 'Internet', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1345, 71, 20, 'Mailbox', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1347, 72, 20, 'Spam', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1351, 73, 20, 'Phishing', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1355, 74, 20, 'Antivirus', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1358, 75, 20, 'New user', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1361, 76, 20, 'Access', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1362, 77, 20, 'Quote', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1365, 78, 20, 'Backup', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 1366, 79, 20, 'Disk', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.ticket_technician VALUES
	(1, 10004, 180, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10008, 180, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10009, 160, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10012, 156, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10016, 149, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10018, 153, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10018, 172, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10018, 173, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10022, 167, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10026, 153, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10026, 172, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10026, 173, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10029, 156, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10033, 153, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10034, 188, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 10037, 153, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.ticket_type OVERRIDING SYSTEM VALUE VALUES
	(1, 601, 1, 13, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 603, 2, 13, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 604, 3, 13, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 605, 4, 13, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 609, 5, 13, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 613, 6, 13, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 652, 7, 17, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 653, 8, 17, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 657, 9, 17, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 658, 10, 17, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 701, 11, 18, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 703, 12, 18, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 704, 13, 18, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 708, 14, 18, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 709, 15, 18, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 711, 16, 18, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 712, 17, 18, 'Monitoring', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 714, 18, 18, 'Onboarding', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 754, 19, 19, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 756, 20, 19, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 757, 21, 19, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 760, 22, 19, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 762, 23, 19, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 763, 24, 19, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 802, 25, 20, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 805, 26, 20, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 806, 27, 20, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 807, 28, 20, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 808, 29, 20, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 810, 30, 20, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 814, 31, 20, 'Monitoring', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 818, 32, 20, 'Onboarding', 'Reactive', false, '2022-11-28 00:00:00+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa.time_entry OVERRIDING SYSTEM VALUE VALUES
	(1, 30001, 1, 10004, 180, 'After Hours', 'Engineer', '2024-01-15 04:00:19+00', '2024-01-15 05:00:19+00', 1, 'Billable', 'Billed', ' lights are green again. C:\Users\Public\Desktop was full of copies of the same file. Customer is happy 🎉 and agreed to close. Restarted the service and it came back for about an hour. C:\Users\Public\Desktop was full of copies of the same file. The user called and said that it happens every morning.
C:\Users\Public\Desktop was full of copies of the same file.
Replaced the cable; link lights are green again. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. C:\Users\Public\Desktop was full of copies of the same fi', NULL, 'LWeber14', '2024-01-15 05:00:19+00', '2024-01-15 05:00:19+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30006, 2, 10008, 180, 'Travel', 'Engineer', '2024-04-27 22:36:07+00', '2024-04-27 22:51:07+00', 0.25, 'DoNotBill', 'ApprovedByTierOne', NULL, '. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Restarted the service and it came back for about an hour. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.
The user called and said that it happens every morning. Replaced the cable; link lights are green again.
שלום, אין חיבור לרשת מאז הבוקר. C:\Users\Public\Desktop was full of copies of the same file. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.
Bitte', 'LWeber14', '2024-04-27 22:51:07+00', '2024-05-15 22:32:08+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30008, 3, 10009, 160, 'After Hours', 'Engineer', '2024-07-16 14:20:57+00', '2024-07-16 18:05:57+00', 3.75, 'Billable', 'ApprovedByTierOne', 'rticle 17</a> &nbsp; for the steps.
C:\Users\Public\Desktop was full of copies of the same file.
The user called and said that it happens every morning. C:\Users\Public\Desktop was full of copies of the same file.
שלום, אין חיבור לרשת מאז הבוקר. שלום, אין חיבור לרשת מאז הבוקר. Restarted the service and it came back for abo', 'שלום, המסך נשאר שחור ‫(see photo)‬', 'AVogel6', '2024-07-16 18:05:57+00', '2024-07-16 18:05:57+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30009, 4, 10012, 156, 'After Hours', 'Consultant', '2025-08-19 10:03:54+00', '2025-08-19 13:03:54+00', 3, 'Billable', 'Open', 'ings, so I ordered a replacement drive. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Replaced the cable; link lights are green again. שלום, אין חיבור לרשת מאז הבוקר. C:\Users\Public\Desktop was full of copies of the same file. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
Replaced the cable; link lights are green again.
Restarted the service and it came back for about an hour. שלום, אין חיבור לרשת מאז הבו', NULL, 'EPetrov5', '2025-08-19 13:03:54+00', '2025-08-19 13:03:54+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30012, 5, 10016, 149, 'Warranty', 'Consultant', '2025-01-25 21:22:09+00', '2025-01-25 23:37:09+00', 2.25, 'Billable', 'ReadyToBill', 'isk warnings, so I ordered a replacement drive.
Replaced the cable; link lights are green again. שלום, אין חיבו', NULL, 'DQuiroga3', '2025-01-25 23:37:09+00', '2025-01-25 23:37:09+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30013, 6, 10018, 153, 'After Hours', 'Technician', '2025-04-15 07:10:48+00', '2025-04-15 07:40:48+00', 0.5, 'Billable', 'Billed', '. Restarted the service and it came back for about an hour.
שלום, אין חיבור לרשת מאז הבוקר. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Customer is', ' I ordered a replacement drive. Replaced the cable; link lights are green again. שלום, אין חיבור לרשת מאז הבוקר. Restarted the service and it came back for about an hour. Customer is happy 🎉 and agreed to close. See <a href="http://intranet.example/kb/17"', 'FYilmaz4', '2025-04-15 07:40:48+00', '2025-04-15 07:40:48+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30016, 7, 10022, 167, 'After Hours', 'Engineer', '2025-07-21 11:16:45+00', '2025-07-21 13:31:45+00', 2.25, 'Billable', 'Open', 'omer is happy 🎉 and agreed to close. Waiting for the vendor, who promised an answer by Friday.
Res', NULL, 'ZPetrov9', '2025-07-21 13:31:45+00', '2025-07-21 13:31:45+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30019, 8, 10026, 153, 'After Hours', 'Consultant', '2025-10-17 07:58:19+00', '2025-10-17 09:58:19+00', 2, 'Billable', 'Billed', 'Log pasted by a tool: then it went on', NULL, 'FYilmaz4', '2025-10-17 09:58:19+00', '2025-10-17 09:58:19+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30023, 9, 10029, 156, 'Travel', 'Engineer', '2026-01-18 00:53:34+00', '2026-01-18 02:38:34+00', 1.75, 'Billable', 'Open', 'n, ob die Lizenz noch gültig ist. Restarted the service and it came back for about an hour. Restarted the service and it came back for about an hour. Customer is happy 🎉 and agreed to close. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Customer is happy 🎉 and agreed to close.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Customer is happy 🎉 and agreed to close.
Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.
Restarted the service and it came back for about an hour.
Restarted the service and it came back for about an hour. Replaced the cable; link lights are green again. Waiting for the vendor, who promised an answer by Friday. C:\Users\Pu', NULL, 'EPetrov5', '2026-01-18 02:38:34+00', '2026-01-18 02:38:34+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30024, 10, 10033, 153, 'Warranty', 'Technician', '2026-04-29 03:17:44+00', '2026-04-29 06:32:44+00', 3.25, 'Billable', 'PendingApproval', 'otes”, an em-dash — and a soft­hyphen. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen.
שלום, אין חיבור לרשת מאז הבוקר. Replaced the cable; link lights are green again. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Event log shows disk warnings, so I ordered a replacement drive. Waiting for the vendo', NULL, 'FYilmaz4', '2026-04-29 06:32:44+00', '2026-04-29 06:32:44+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30025, 11, 10034, 188, 'After Hours', 'Consultant', '2026-07-16 11:57:19+00', '2026-07-16 13:42:19+00', 1.75, 'Billable', 'Open', 'f copies of the same file.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist.
Customer is happy 🎉 and agreed to close. Event log shows disk warnings, so I ordered a replacement drive.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen.
Waiting for the vendor, who promised an answer by Friday. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
שלום, אין חיבור לרשת מאז הבוקר.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. C:\Users\Public\Desktop was full of copies of the same file.
C:\Users\Public\Desktop was full of copies of the same file.
C:\Users\Public\Desktop was full of copies of the same file. Restarted the service and it came back for about an hour. The user called and said that it happens every morning. C:\Users\Public\Desktop was full of copies of the same file. Restarted the service and it came back for about an hour. Customer is happy 🎉 and agreed to close.
The user called and said that it happens every morning.
The user called and said that it happens every morning.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
Replaced the cable; link lights are green again. Event log shows disk warnings, so I ordered a replacement drive. Customer is happy 🎉 and agreed to close. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps.
Restarted the service and it came back for about an hour.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Customer is happy 🎉 and agreed to close. Restarted the service and it came back for about an hour. Replaced the cable; link lights are green again.
Replaced the cable; link lights are green again. C:\Users\Public\Desktop was full of copies of the same file. Customer is happy 🎉 and agreed to close. Restarted the service and it came back for about an hour. C:\Users\Public\Desktop was full of copies of the same file. The user called and said that it happens every morning.
C:\Users\Public\Desktop was full of copies of the same file.
Replaced the cable; link lights are green again. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. C:\Users\Public\Desktop was full of copies of the same file.
Event log shows disk warnings, so I ordered a replacement drive.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. The user called and said that it happens every morning. The user called and said that it happens every morning. Event log shows disk warnings, so I ordered a replacement drive.
Restarted the service and it came back for about an hour.
Replaced the cable; link lights are green again.
Customer is happy 🎉 and agreed to close. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Customer is happy 🎉 and agreed to close. Customer is happy 🎉 and agreed to close. See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Event log shows disk warnings, so I ordered a replacement drive. Customer is happy 🎉 and agreed to close. Event log shows disk warnings, so I ordered a replacement drive. Restarted the service and it came back for about an hour.
Customer is happy 🎉 and agreed to close. שלום, אין חיבור לרשת מאז הבוקר. Replaced the cable; link lights are green again. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. Waiting for the vendor, who promised an answer by Friday.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen.
See <a href="http://intranet.example/kb/17">article 17</a> &nbsp; for the steps. Restarted the service and it came back for about an hour.
Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Customer is happy 🎉 and agreed to close. שלום, אין חיבור לרשת מאז הבוקר. Waiting for the vendor, who promised an answer by Friday. Customer is happy 🎉 and agreed to close.
Customer is', NULL, 'NFischer16', '2026-07-16 13:42:19+00', '2026-07-16 13:42:19+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00'),
	(1, 30028, 12, 10037, 153, 'Travel', 'Engineer', '2026-10-18 22:41:56+00', '2026-10-19 00:56:56+00', 2.25, 'Billable', 'ReadyToBill', 'fen, ob die Lizenz noch gültig ist. C:\Users\Public\Desktop was full of copies of the same file.
Event log shows disk warnings, so I ordered a replacement drive.
Pasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. The user called and said that it happens every morning. The user called and said that it happens every morning. Event log shows d', NULL, 'FYilmaz4', '2026-10-19 00:56:56+00', '2026-10-19 00:56:56+00', false, '2d7fcaab-7ba7-4940-a53b-5f68ba165e5d', '2026-11-27 13:48:26.585146+00');

INSERT INTO psa_stage.full_board_3 VALUES
	(3, 13, 'Help Desk', false, false, '2022-11-28 00:00:00+00', NULL),
	(3, 17, 'Managed Services', false, false, '2022-11-28 00:00:00+00', NULL),
	(3, 18, 'Projects & Installs', false, false, '2022-11-28 00:00:00+00', NULL),
	(3, 19, 'Alerts (RMM)', false, false, '2022-11-28 00:00:00+00', NULL),
	(3, 20, 'Sales Requests', false, false, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_company_3 VALUES
	(3, 2004, 'SunriseClinicAB10', 'Sunrise Clinic AB 1', 'Active', '8135550000', NULL, '368 Main Street', NULL, 'Utrecht', 'FL', '40245', 'United States', false, '2024-07-25 06:19:41+00', NULL, 1, '{1}'),
	(3, 2006, 'BrightPathBakeryAB21', 'Bright Path Bakery AB 2', 'Active', '8135550001', NULL, '13 Main Street', NULL, 'Durban', 'FL', '87217', 'United States', false, '2026-04-05 23:11:14+00', NULL, 1, '{1}'),
	(3, 2009, 'LakesideLawInc32', 'Lakeside Law Inc 3', 'Active', '8135550002', NULL, '379 Main Street', NULL, 'Malmö', 'FL', '84231', 'United States', false, '2026-11-20 15:22:45+00', NULL, 1, '{1}'),
	(3, 2014, 'LakesideDentalInc43', 'Lakeside Dental Inc 4', 'Active', '8135550003', NULL, '402 Main Street', NULL, 'Utrecht', 'FL', '62294', 'United States', false, '2024-04-11 14:28:24+00', NULL, 1, '{1}'),
	(3, 2018, 'GreenValleySchoolsLLC54', 'Green Valley Schools LLC 5', 'Active', '8135550004', NULL, '69 Main Street', NULL, 'Perth', 'FL', '67753', 'United States', false, '2024-03-16 15:58:15+00', NULL, 1, '{1}');

INSERT INTO psa_stage.full_company_status_3 VALUES
	(3, 1, 'Active', false, '2022-11-28 00:00:00+00', NULL),
	(3, 3, 'Credit Hold', false, '2022-11-28 00:00:00+00', NULL),
	(3, 7, 'Not-Active', true, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_company_type_3 VALUES
	(3, 1, 'Customer', '2022-11-28 00:00:00+00', NULL),
	(3, 2, 'Prospect', '2022-11-28 00:00:00+00', NULL),
	(3, 5, 'Vendor', '2022-11-28 00:00:00+00', NULL),
	(3, 8, 'Former customer', '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_contact_3 VALUES
	(3, 5003, 2004, 'Xavier', 'Eriksen', NULL, 'xavier.5003@customer.example', '8135555003', false, '2026-11-26 15:18:09+00', NULL),
	(3, 5004, 2018, 'Carla', 'Ångström', NULL, 'carla.5004@customer.example', '8135555004', false, '2026-10-18 09:15:28+00', NULL),
	(3, 5006, 2006, 'Karin', 'Larsen', NULL, 'karin.5006@customer.example', '8135555006', false, '2024-03-16 11:29:47+00', NULL),
	(3, 5009, 2004, 'Rosa', 'Petrov', NULL, 'rosa.5009@customer.example', '8135555009', false, '2024-10-29 19:30:14+00', NULL),
	(3, 5013, 2006, 'Mia', 'Xu', NULL, 'mia.5013@customer.example', '8135555013', false, '2026-06-21 06:10:10+00', NULL),
	(3, 5016, 2006, 'Amir', 'Garcia', NULL, 'amir.5016@customer.example', '8135555016', false, '2024-09-15 21:39:13+00', NULL),
	(3, 5019, 2018, 'Uma', 'Jansen', NULL, 'uma.5019@customer.example', '8135555019', false, '2026-10-15 23:46:58+00', NULL),
	(3, 5020, 2009, 'Noah', 'Fischer', NULL, 'noah.5020@customer.example', '8135555020', false, '2024-09-12 16:45:51+00', NULL),
	(3, 5023, 2018, 'Tariq', 'Kowalski', NULL, 'tariq.5023@customer.example', '8135555023', false, '2024-08-07 16:54:51+00', NULL),
	(3, 5025, 2006, 'Omar', 'Xu', NULL, 'omar.5025@customer.example', '8135555025', false, '2025-11-20 02:58:50+00', NULL);

INSERT INTO psa_stage.full_custom_field_3 VALUES
	(3, 22, 'Asset Tag', 'Text', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 26, 'Root Cause', 'TextArea', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 30, 'Story Points', 'Number', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 34, 'Quoted', 'Currency', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 35, 'Promised By', 'Date', 'Date', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 37, 'VIP', 'Checkbox', 'Option', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 41, 'Vendor Case', 'Hyperlink', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 45, 'Done', 'Percent', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 48, 'Environment', 'Text', 'List', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL),
	(3, 50, 'Device Address', 'IPAddress', 'EntryField', 'ServiceTicket', '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_member_3 VALUES
	(3, 142, 'JCastillo0', 'Jonas Castillo', 'jcastillo0@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 145, 'UPetrov1', 'Uma Petrov', 'upetrov1@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 148, 'QJansen2', 'Quinn Jansen', 'qjansen2@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 149, 'DQuiroga3', 'Diego Quiroga', 'dquiroga3@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 153, 'FYilmaz4', 'Farid Yilmaz', 'fyilmaz4@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 156, 'EPetrov5', 'Emma Petrov', 'epetrov5@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 160, 'AVogel6', 'Anna Vogel', 'avogel6@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 161, 'WSchmidt7', 'Wanda Schmidt', 'wschmidt7@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 164, 'MWeber8', 'Mia Weber', 'mweber8@msp.example', true, '2022-11-28 00:00:00+00', NULL),
	(3, 167, 'ZPetrov9', 'Zoe Petrov', 'zpetrov9@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 171, 'CMller10', 'Carla Müller', 'cmller10@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 172, 'LPetrov11', 'Lena Petrov', 'lpetrov11@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 173, 'BXu12', 'Ben Xu', 'bxu12@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 176, 'XVogel13', 'Xavier Vogel', 'xvogel13@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 180, 'LWeber14', 'Liam Weber', 'lweber14@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 184, 'NAbbott15', 'Nadia Abbott', 'nabbott15@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 188, 'NFischer16', 'Nadia Fischer', 'nfischer16@msp.example', false, '2022-11-28 00:00:00+00', NULL),
	(3, 189, 'SBerg17', 'Sofia Berg', 'sberg17@msp.example', true, '2022-11-28 00:00:00+00', NULL),
	(3, 191, 'LEriksen18', 'Liam Eriksen', 'leriksen18@msp.example', false, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_priority_3 VALUES
	(3, 7, 'Priority 1 - Emergency Response', 'Red', 1, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 11, 'Priority 2 - Quick Response', 'Orange', 3, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 15, 'Priority 3 - Normal Response', 'Yellow', 5, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 18, 'Priority 4 - Scheduled Maintenance', 'Green', 7, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 21, 'Do Not Respond', 'White', 9, '2022-11-28 00:00:00+00', NULL, NULL);

INSERT INTO psa_stage.full_service_location_3 VALUES
	(3, 1, 'On-Site', 'OnSite', '2022-11-28 00:00:00+00', NULL),
	(3, 2, 'Remote', 'Remote', '2022-11-28 00:00:00+00', NULL),
	(3, 3, 'In-house', 'InHouse', '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_status_3 VALUES
	(3, 300, 13, 'New', 0, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 303, 13, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 306, 13, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 309, 13, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 312, 13, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 315, 13, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 318, 13, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 321, 13, 'Completed', 7, true, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 324, 13, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 340, 17, 'New', 0, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 343, 17, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 346, 17, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 349, 17, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 352, 17, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 355, 17, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 358, 17, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 361, 17, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 364, 17, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 380, 18, 'New', 0, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 383, 18, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 386, 18, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 389, 18, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 392, 18, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 395, 18, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 398, 18, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 401, 18, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 404, 18, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 420, 19, 'New', 0, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 423, 19, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 426, 19, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 429, 19, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 432, 19, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 435, 19, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 438, 19, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 441, 19, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 444, 19, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 460, 20, 'New', 0, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 463, 20, 'Assigned', 1, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 466, 20, 'In Progress', 2, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 469, 20, 'Waiting on Client', 3, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 472, 20, 'Scheduled', 4, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 475, 20, 'Escalated', 5, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 478, 20, 'Old - do not use', 6, false, true, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 481, 20, 'Completed', 7, false, false, '2022-11-28 00:00:00+00', NULL, NULL),
	(3, 484, 20, '>Closed', 8, true, false, '2022-11-28 00:00:00+00', NULL, NULL);

INSERT INTO psa_stage.full_ticket_3 VALUES
	(3, 10004, 'changed once', 13, 321, 613, 18, 2018, 5019, 180, 'Medium', 'Medium', 'Phone', true, NULL, 5, 4.75, NULL, '2024-01-23 11:31:36+00', '2024-01-12 15:00:00+00', '2026-11-27 13:48:27+00', '{"Done": 51.75, "Asset Tag": "‎AT-67637", "Promised By": "2024-11-18T00:00:00Z", "Device Address": "10.8.131.192"}', NULL, '{180}', NULL, 1037, 2009, 2, 1, false, NULL, NULL),
	(3, 10008, 'changed once', 17, 364, 653, 7, 2006, 5006, 180, 'Medium', 'Low', 'Monitoring', true, NULL, 6, 6.5, NULL, '2024-05-15 22:32:08+00', '2024-04-12 21:00:00+00', '2026-11-27 13:48:27+00', '{"VIP": true, "Done": 69.03, "Root Cause": "See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. See "}', NULL, '{180}', NULL, 1092, 2052, 4, 1, false, NULL, NULL),
	(3, 10009, 'changed once', 18, 404, 708, 21, 2006, 5006, 160, 'Low', 'Medium', 'Email Connector', true, NULL, 5.5, 1.25, '2024-07-13 00:00:00+00', '2024-07-17 06:46:12+00', '2024-07-13 03:00:00+00', '2026-11-27 13:48:27+00', '{"Story Points": 19}', NULL, '{160}', NULL, 1179, 2085, 1, 2, false, NULL, NULL),
	(3, 10012, 'New user drops every few minutes on 3rd floor (PC-2005)', 19, 444, 757, 18, 2009, 5020, 156, 'High', 'Medium', 'Monitoring', true, NULL, 7, 0.75, NULL, '2026-10-18 00:00:00+00', '2024-10-12 09:00:00+00', '2026-10-18 00:00:00+00', '{"VIP": true, "Asset Tag": "‎AT-76665", "Vendor Case": "https://vendor.example/case/146?lang=en&view=all", "Device Address": "10.10.53.71"}', NULL, '{156}', NULL, 1266, 2128, 4, 3, false, NULL, NULL),
	(3, 10016, 'QuickBooks will not start in meeting room B (PC-6561)', 19, 444, 760, 11, 2006, 5016, 149, 'Medium', 'Low', 'Phone', true, NULL, 2.5, 2, NULL, '2025-01-26 13:13:56+00', '2025-01-11 15:00:00+00', '2025-01-26 13:13:56+00', '{"Done": 93.83, "Root Cause": "ows disk warnings, so I ordered a replacement drive. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.\r\nCustomer is happy 🎉 and agreed to close.\r\nReplaced the cable; link lights are green again.\r\nSee <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.", "Environment": "Staging", "Vendor Case": "https://vendor.example/case/2242?lang=en&view=all"}', NULL, '{149}', NULL, 1250, 2126, 2, 1, false, NULL, NULL),
	(3, 10018, 'File share shows an error at the branch office (PC-6771)', 19, 444, 763, 18, 2004, 5009, 153, 'Medium', 'High', 'Email Connector', true, NULL, 2, 8.5, NULL, '2025-04-15 16:13:00+00', '2025-04-12 21:00:00+00', '2025-04-15 16:13:00+00', '{"VIP": false, "Quoted": 876.04, "Asset Tag": "‎AT-03081"}', NULL, '{153,172,173}', NULL, 1289, 2128, 1, 1, false, NULL, NULL),
	(3, 10022, 'Firewall full for the new starter (PC-4945)', 18, 392, 712, 7, 2006, 5006, 167, 'High', 'Medium', 'Portal', false, NULL, NULL, 4.5, NULL, NULL, '2025-07-13 03:00:00+00', '2025-08-05 21:30:17+00', '{"Done": 69.18, "Quoted": 476.99, "Promised By": "2025-08-22T00:00:00Z"}', NULL, '{167}', NULL, 1200, 2085, 3, 2, false, NULL, NULL),
	(3, 10026, 'Server backup very slow since the update for the whole office (PC-0188)', 13, 321, 604, 21, 2006, 5025, 153, 'High', 'Medium', 'Monitoring', true, NULL, 6, 9.25, NULL, '2025-10-25 20:27:16+00', '2025-10-12 09:00:00+00', '2025-10-25 20:27:16+00', '{"VIP": false, "Done": 20.59, "Environment": "Staging", "Promised By": "2024-12-04T00:00:00Z", "Vendor Case": "https://vendor.example/case/1853?lang=en&view=all", "Device Address": "10.170.160.224"}', NULL, '{153,172,173}', NULL, 1020, 2008, 4, 3, false, NULL, NULL),
	(3, 10029, 'VPN expired at the branch office (PC-9967)', 17, 364, 657, 18, 2018, 5019, 156, 'High', 'High', 'Monitoring', true, NULL, 4, 7.75, NULL, '2026-01-23 19:33:43+00', '2026-01-11 15:00:00+00', '2026-01-23 19:33:43+00', '{"VIP": true, "Done": 5.39, "Asset Tag": "‎AT-05330", "Environment": "Staging", "Vendor Case": "https://vendor.example/case/3151?lang=en&view=all", "Story Points": 17, "Device Address": "10.115.105.16"}', NULL, '{156}', NULL, NULL, NULL, 4, 3, false, NULL, NULL),
	(3, 10033, 'Laptop full for the new starter (PC-9129)', 13, 324, 603, 11, 2006, 5013, 153, 'Low', 'Low', 'Portal', true, NULL, 2.5, 2.5, '2026-04-12 00:00:00+00', '2026-04-30 18:09:59+00', '2026-04-12 21:00:00+00', '2026-04-30 18:09:59+00', '{"Quoted": 168.76, "Asset Tag": "‎AT-78914", "Promised By": "2026-03-27T00:00:00Z"}', NULL, '{153}', NULL, 1014, 2012, 3, 2, false, NULL, NULL),
	(3, 10034, 'Badge reader needs a quote in meeting room B (PC-7631)', 17, 364, 652, 15, 2009, 5020, 188, 'High', 'Low', 'Phone', true, NULL, 3, 7.25, NULL, '2026-07-21 14:12:27+00', '2026-07-13 03:00:00+00', '2026-07-21 14:12:27+00', '{"Root Cause": "kb/17\">article 17</a> &nbsp; for the steps. Event log shows disk warnings, so I ordered a replacement drive. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps.\r\nWaiting for the vendor, who promised an answer by Friday. Bitte vor dem Rückruf prüfen, ob die Lizenz noch gültig ist. Event log shows disk warning", "Promised By": "2025-10-24T00:00:00Z", "Story Points": 5}', NULL, '{188}', NULL, 1091, NULL, 2, 3, false, NULL, NULL),
	(3, 10037, 'Teams call drops every few minutes at reception (PC-6809)', 13, 324, 613, 15, 2009, 5020, 153, 'Medium', 'Medium', 'Phone', true, NULL, 5, 4, NULL, '2026-10-25 14:59:24+00', '2026-10-12 09:00:00+00', '2026-10-25 14:59:24+00', '{"VIP": false, "Done": 72.09, "Asset Tag": "‎AT-75351", "Root Cause": "Rückruf prüfen, ob die Lizenz noch gültig ist.\r\nPasted from Word:‎ “smart quotes”, an em-dash — and a soft­hyphen. See <a href=\"http://intranet.example/kb/17\">article 17</a> &nbsp; for the steps. Restarted the service and it came back for about", "Vendor Case": "https://vendor.example/case/8708?lang=en&view=all", "Story Points": 0}', NULL, '{153}', NULL, NULL, NULL, 2, 1, false, NULL, NULL);

INSERT INTO psa_stage.full_ticket_item_3 VALUES
	(3, 2004, 13, 'Offline', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2008, 13, 'Slow', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2009, 13, 'Broken', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2012, 13, 'Question', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2013, 13, 'Old - do not use', true, '2022-11-28 00:00:00+00', NULL),
	(3, 2044, 17, 'Offline', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2047, 17, 'Slow', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2051, 17, 'Broken', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2052, 17, 'Question', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2054, 17, 'Old - do not use', true, '2022-11-28 00:00:00+00', NULL),
	(3, 2084, 18, 'Offline', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2085, 18, 'Slow', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2086, 18, 'Broken', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2090, 18, 'Question', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2091, 18, 'Old - do not use', true, '2022-11-28 00:00:00+00', NULL),
	(3, 2123, 19, 'Offline', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2126, 19, 'Slow', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2128, 19, 'Broken', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2131, 19, 'Question', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2132, 19, 'Old - do not use', true, '2022-11-28 00:00:00+00', NULL),
	(3, 2161, 20, 'Offline', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2162, 20, 'Slow', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2165, 20, 'Broken', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2168, 20, 'Question', false, '2022-11-28 00:00:00+00', NULL),
	(3, 2169, 20, 'Old - do not use', true, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_ticket_source_3 VALUES
	(3, 1, 'Email Connector', '2022-11-28 00:00:00+00', NULL),
	(3, 2, 'Phone', '2022-11-28 00:00:00+00', NULL),
	(3, 3, 'Portal', '2022-11-28 00:00:00+00', NULL),
	(3, 4, 'Monitoring', '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_ticket_subtype_3 VALUES
	(3, 1004, 13, 'Printer', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1008, 13, 'Laptop', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1012, 13, 'Peripheral', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1013, 13, 'Office', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1014, 13, 'Line of business', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1016, 13, 'Update', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1017, 13, 'Wi-Fi', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1020, 13, 'VPN', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1024, 13, 'Internet', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1026, 13, 'Mailbox', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1029, 13, 'Spam', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1032, 13, 'Phishing', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1033, 13, 'Antivirus', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1035, 13, 'New user', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1036, 13, 'Access', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1037, 13, 'Quote', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1083, 17, 'Printer', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1087, 17, 'Laptop', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1091, 17, 'Peripheral', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1092, 17, 'Office', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1094, 17, 'Line of business', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1096, 17, 'Update', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1099, 17, 'Wi-Fi', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1103, 17, 'VPN', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1106, 17, 'Internet', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1107, 17, 'Mailbox', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1108, 17, 'Spam', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1161, 18, 'Printer', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1165, 18, 'Laptop', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1167, 18, 'Peripheral', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1171, 18, 'Office', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1172, 18, 'Line of business', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1175, 18, 'Update', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1176, 18, 'Wi-Fi', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1177, 18, 'VPN', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1178, 18, 'Internet', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1179, 18, 'Mailbox', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1183, 18, 'Spam', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1185, 18, 'Phishing', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1187, 18, 'Antivirus', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1191, 18, 'New user', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1195, 18, 'Access', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1199, 18, 'Quote', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1200, 18, 'Backup', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1202, 18, 'Disk', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1242, 19, 'Printer', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1246, 19, 'Laptop', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1247, 19, 'Peripheral', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1250, 19, 'Office', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1252, 19, 'Line of business', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1256, 19, 'Update', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1259, 19, 'Wi-Fi', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1262, 19, 'VPN', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1266, 19, 'Internet', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1270, 19, 'Mailbox', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1274, 19, 'Spam', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1277, 19, 'Phishing', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1281, 19, 'Antivirus', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1284, 19, 'New user', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1285, 19, 'Access', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1289, 19, 'Quote', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1324, 20, 'Printer', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1326, 20, 'Laptop', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1327, 20, 'Peripheral', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1329, 20, 'Office', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1331, 20, 'Line of business', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1335, 20, 'Update', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1337, 20, 'Wi-Fi', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1339, 20, 'VPN', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1342, 20, 'Internet', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1345, 20, 'Mailbox', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1347, 20, 'Spam', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1351, 20, 'Phishing', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1355, 20, 'Antivirus', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1358, 20, 'New user', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1361, 20, 'Access', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1362, 20, 'Quote', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1365, 20, 'Backup', false, '2022-11-28 00:00:00+00', NULL),
	(3, 1366, 20, 'Disk', false, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.full_ticket_type_3 VALUES
	(3, 601, 13, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 603, 13, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 604, 13, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 605, 13, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 609, 13, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 613, 13, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 652, 17, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 653, 17, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 657, 17, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 658, 17, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 701, 18, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 703, 18, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 704, 18, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 708, 18, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 709, 18, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 711, 18, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 712, 18, 'Monitoring', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 714, 18, 'Onboarding', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 754, 19, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 756, 19, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 757, 19, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 760, 19, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 762, 19, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 763, 19, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 802, 20, 'Hardware', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 805, 20, 'Software', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 806, 20, 'Network', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 807, 20, 'Email', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 808, 20, 'Security', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 810, 20, 'Request', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 814, 20, 'Monitoring', 'Reactive', false, '2022-11-28 00:00:00+00', NULL),
	(3, 818, 20, 'Onboarding', 'Reactive', false, '2022-11-28 00:00:00+00', NULL);

INSERT INTO psa_stage.segment VALUES
	(3, 'boards', 0, NULL, 20, false),
	(3, 'statuses', 0, NULL, 484, false),
	(3, 'types', 0, NULL, 818, false),
	(3, 'subtypes', 0, NULL, 1366, false),
	(3, 'items', 0, NULL, 2169, false),
	(3, 'sources', 0, NULL, 4, false),
	(3, 'locations', 0, NULL, 3, false),
	(3, 'priorities', 0, NULL, 21, false),
	(3, 'members', 0, NULL, 191, false),
	(3, 'customFields', 0, NULL, 50, false),
	(3, 'companyStatuses', 0, NULL, 7, false),
	(3, 'companyTypes', 0, NULL, 8, false),
	(3, 'companies', 0, NULL, 2018, true),
	(3, 'contacts', 0, NULL, 5025, true),
	(3, 'tickets', 0, NULL, 10037, true);

INSERT INTO psa_stage.stage VALUES
	(3, 'Full', '0b87177c-c9f9-47b7-bd1f-c6027eca8701', '223630aa-74234e98-4f53cda1-68105452-3', '45ff1b2e', '2026-11-27 13:48:35+00', false);

SELECT pg_catalog.setval('psa.board_id_seq', 5, true);

SELECT pg_catalog.setval('psa.change_log_id_seq', 4, true);

SELECT pg_catalog.setval('psa.company_id_seq', 5, true);

SELECT pg_catalog.setval('psa.company_status_id_seq', 3, true);

SELECT pg_catalog.setval('psa.company_type_id_seq', 4, true);

SELECT pg_catalog.setval('psa.contact_id_seq', 10, true);

SELECT pg_catalog.setval('psa.custom_field_id_seq', 10, true);

SELECT pg_catalog.setval('psa.integration_id_seq', 1, true);

SELECT pg_catalog.setval('psa.list_change_id_seq', 1, false);

SELECT pg_catalog.setval('psa.local_change_id_seq', 1, false);

SELECT pg_catalog.setval('psa.member_id_seq', 19, true);

SELECT pg_catalog.setval('psa.note_id_seq', 12, true);

SELECT pg_catalog.setval('psa.outbox_note_id_seq', 1, false);

SELECT pg_catalog.setval('psa.outbox_time_entry_id_seq', 1, false);

SELECT pg_catalog.setval('psa.priority_id_seq', 5, true);

SELECT pg_catalog.setval('psa.private_note_id_seq', 1, false);

SELECT pg_catalog.setval('psa.run_number_seq', 3, true);

SELECT pg_catalog.setval('psa.service_location_id_seq', 3, true);

SELECT pg_catalog.setval('psa.status_id_seq', 45, true);

SELECT pg_catalog.setval('psa.ticket_id_seq', 12, true);

SELECT pg_catalog.setval('psa.ticket_item_id_seq', 25, true);

SELECT pg_catalog.setval('psa.ticket_source_id_seq', 4, true);

SELECT pg_catalog.setval('psa.ticket_subtype_id_seq', 79, true);

SELECT pg_catalog.setval('psa.ticket_type_id_seq', 32, true);

SELECT pg_catalog.setval('psa.time_entry_id_seq', 12, true);

ALTER TABLE ONLY psa.board
    ADD CONSTRAINT board_id_key UNIQUE (id);

ALTER TABLE ONLY psa.board
    ADD CONSTRAINT board_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.change_log
    ADD CONSTRAINT change_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.company
    ADD CONSTRAINT company_id_key UNIQUE (id);

ALTER TABLE ONLY psa.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.company_status
    ADD CONSTRAINT company_status_id_key UNIQUE (id);

ALTER TABLE ONLY psa.company_status
    ADD CONSTRAINT company_status_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.company_type
    ADD CONSTRAINT company_type_id_key UNIQUE (id);

ALTER TABLE ONLY psa.company_type
    ADD CONSTRAINT company_type_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.contact
    ADD CONSTRAINT contact_id_key UNIQUE (id);

ALTER TABLE ONLY psa.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.custom_field
    ADD CONSTRAINT custom_field_id_key UNIQUE (id);

ALTER TABLE ONLY psa.custom_field
    ADD CONSTRAINT custom_field_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.integration
    ADD CONSTRAINT integration_key_key UNIQUE (key);

ALTER TABLE ONLY psa.integration
    ADD CONSTRAINT integration_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.list_change
    ADD CONSTRAINT list_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.local_change
    ADD CONSTRAINT local_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.mark
    ADD CONSTRAINT mark_pkey PRIMARY KEY (integration_id, entity);

ALTER TABLE ONLY psa.member
    ADD CONSTRAINT member_id_key UNIQUE (id);

ALTER TABLE ONLY psa.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_id_key UNIQUE (id);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.outbox_note
    ADD CONSTRAINT outbox_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.outbox_time_entry
    ADD CONSTRAINT outbox_time_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.priority
    ADD CONSTRAINT priority_id_key UNIQUE (id);

ALTER TABLE ONLY psa.priority
    ADD CONSTRAINT priority_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.private_note
    ADD CONSTRAINT private_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (integration_id, entity, psa_id);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_id_attempt_key UNIQUE (id, attempt);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_number_key UNIQUE (number);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY psa.service_location
    ADD CONSTRAINT service_location_id_key UNIQUE (id);

ALTER TABLE ONLY psa.service_location
    ADD CONSTRAINT service_location_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.status
    ADD CONSTRAINT status_id_key UNIQUE (id);

ALTER TABLE ONLY psa.status
    ADD CONSTRAINT status_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_id_key UNIQUE (id);

ALTER TABLE ONLY psa.ticket_item
    ADD CONSTRAINT ticket_item_id_key UNIQUE (id);

ALTER TABLE ONLY psa.ticket_item
    ADD CONSTRAINT ticket_item_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_source
    ADD CONSTRAINT ticket_source_id_key UNIQUE (id);

ALTER TABLE ONLY psa.ticket_source
    ADD CONSTRAINT ticket_source_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_subtype
    ADD CONSTRAINT ticket_subtype_id_key UNIQUE (id);

ALTER TABLE ONLY psa.ticket_subtype
    ADD CONSTRAINT ticket_subtype_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_tag
    ADD CONSTRAINT ticket_tag_pkey PRIMARY KEY (integration_id, ticket_id, tag);

ALTER TABLE ONLY psa.ticket_technician
    ADD CONSTRAINT ticket_technician_pkey PRIMARY KEY (integration_id, ticket_id, member_id);

ALTER TABLE ONLY psa.ticket_type
    ADD CONSTRAINT ticket_type_id_key UNIQUE (id);

ALTER TABLE ONLY psa.ticket_type
    ADD CONSTRAINT ticket_type_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa.time_entry
    ADD CONSTRAINT time_entry_id_key UNIQUE (id);

ALTER TABLE ONLY psa.time_entry
    ADD CONSTRAINT time_entry_pkey PRIMARY KEY (integration_id, psa_id);

ALTER TABLE ONLY psa_stage.parent_name
    ADD CONSTRAINT parent_name_pkey PRIMARY KEY (run, entity, psa_id);

ALTER TABLE ONLY psa_stage.refused
    ADD CONSTRAINT refused_pkey PRIMARY KEY (run, entity, psa_id);

ALTER TABLE ONLY psa_stage.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (run, entity, after_id);

ALTER TABLE ONLY psa_stage.stage
    ADD CONSTRAINT stage_pkey PRIMARY KEY (run);

ALTER TABLE ONLY psa_stage.ticket_read
    ADD CONSTRAINT ticket_read_pkey PRIMARY KEY (run, entity, ticket_id);

CREATE INDEX change_log_by_time ON psa.change_log USING brin (changed_at);

CREATE INDEX contact_by_company ON psa.contact USING btree (integration_id, company_id);

CREATE INDEX list_change_by_name ON psa.list_change USING btree (integration_id, entity, lower(name), id);

CREATE INDEX local_change_sent ON psa.local_change USING btree (integration_id, settled_at) WHERE (state = 'Sent'::text);

CREATE INDEX local_change_unsent ON psa.local_change USING btree (integration_id, ticket_id, id) WHERE (state = ANY (ARRAY['Unsent'::text, 'Held'::text]));

CREATE INDEX note_by_contact ON psa.note USING btree (integration_id, contact_id) WHERE (contact_id IS NOT NULL);

CREATE INDEX note_by_ticket ON psa.note USING btree (integration_id, ticket_id);

CREATE INDEX outbox_note_open ON psa.outbox_note USING btree (integration_id, ticket_id) WHERE (state = ANY (ARRAY['Unsent'::text, 'Sent'::text]));

CREATE INDEX outbox_time_entry_open ON psa.outbox_time_entry USING btree (integration_id, ticket_id) WHERE (state = ANY (ARRAY['Unsent'::text, 'Sent'::text]));

CREATE INDEX private_note_by_ticket ON psa.private_note USING btree (integration_id, ticket_id);

CREATE INDEX row_history_by_run ON psa.row_history USING btree (run, entity);

CREATE INDEX run_by_integration ON psa.run USING btree (integration_id, finished_at);

CREATE UNIQUE INDEX run_one_active ON psa.run USING btree (integration_id) WHERE active;

CREATE INDEX run_with_history ON psa.run USING btree (rollback_until) WHERE (marks_before IS NOT NULL);

CREATE INDEX ticket_by_board ON psa.ticket USING btree (integration_id, board_id, status_id);

CREATE INDEX ticket_by_company ON psa.ticket USING btree (integration_id, company_id);

CREATE INDEX ticket_by_contact ON psa.ticket USING btree (integration_id, contact_id);

CREATE INDEX ticket_technician_by_member ON psa.ticket_technician USING btree (integration_id, member_id);

CREATE INDEX time_entry_by_ticket ON psa.time_entry USING btree (integration_id, ticket_id);

CREATE UNIQUE INDEX quick_board_key ON psa_stage.quick_board USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_company_key ON psa_stage.quick_company USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_company_status_key ON psa_stage.quick_company_status USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_company_type_key ON psa_stage.quick_company_type USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_contact_key ON psa_stage.quick_contact USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_custom_field_key ON psa_stage.quick_custom_field USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_member_key ON psa_stage.quick_member USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_note_key ON psa_stage.quick_note USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_priority_key ON psa_stage.quick_priority USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_service_location_key ON psa_stage.quick_service_location USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_status_key ON psa_stage.quick_status USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_ticket_item_key ON psa_stage.quick_ticket_item USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_ticket_key ON psa_stage.quick_ticket USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_ticket_source_key ON psa_stage.quick_ticket_source USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_ticket_subtype_key ON psa_stage.quick_ticket_subtype USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_ticket_type_key ON psa_stage.quick_ticket_type USING btree (run, psa_id);

CREATE UNIQUE INDEX quick_time_entry_key ON psa_stage.quick_time_entry USING btree (run, psa_id);

CREATE TRIGGER local_change AFTER UPDATE ON psa.ticket FOR EACH ROW WHEN (((COALESCE(current_setting('psa.run'::text, true), ''::text) = ''::text) AND (new.changed_at = old.changed_at))) EXECUTE FUNCTION psa.record_local_change();

CREATE TRIGGER removed AFTER DELETE ON psa.board FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('boards', 'name', 'removed');

CREATE TRIGGER removed AFTER DELETE ON psa.company_status FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('companyStatuses', 'name', 'removed');

CREATE TRIGGER removed AFTER DELETE ON psa.company_type FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('companyTypes', 'name', 'removed');

CREATE TRIGGER removed AFTER DELETE ON psa.custom_field FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('customFields', 'caption', 'removed');

CREATE TRIGGER removed AFTER DELETE ON psa.priority FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('priorities', 'name', 'removed');

CREATE TRIGGER removed AFTER DELETE ON psa.status FOR EACH ROW EXECUTE FUNCTION psa.note_list_change('statuses', 'name', 'removed');

CREATE TRIGGER renamed AFTER UPDATE ON psa.board FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION psa.note_list_change('boards', 'name', 'renamed', 'name');

CREATE TRIGGER renamed AFTER UPDATE ON psa.company_status FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION psa.note_list_change('companyStatuses', 'name', 'renamed', 'name');

CREATE TRIGGER renamed AFTER UPDATE ON psa.company_type FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION psa.note_list_change('companyTypes', 'name', 'renamed', 'name');

CREATE TRIGGER renamed AFTER UPDATE ON psa.custom_field FOR EACH ROW WHEN ((old.caption <> new.caption)) EXECUTE FUNCTION psa.note_list_change('customFields', 'caption', 'renamed', 'caption');

CREATE TRIGGER renamed AFTER UPDATE ON psa.priority FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION psa.note_list_change('priorities', 'name', 'renamed', 'name');

CREATE TRIGGER renamed AFTER UPDATE ON psa.status FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION psa.note_list_change('statuses', 'name', 'renamed', 'name');

CREATE TRIGGER retyped AFTER UPDATE ON psa.custom_field FOR EACH ROW WHEN (((old.field_type IS DISTINCT FROM new.field_type) AND (old.field_type IS NOT NULL))) EXECUTE FUNCTION psa.note_list_change('customFields', 'caption', 'retyped', 'field_type');

ALTER TABLE ONLY psa.board
    ADD CONSTRAINT board_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.change_log
    ADD CONSTRAINT change_log_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.company
    ADD CONSTRAINT company_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.company
    ADD CONSTRAINT company_integration_id_status_id_fkey FOREIGN KEY (integration_id, status_id) REFERENCES psa.company_status(integration_id, psa_id);

ALTER TABLE ONLY psa.company_status
    ADD CONSTRAINT company_status_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.company_type
    ADD CONSTRAINT company_type_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.contact
    ADD CONSTRAINT contact_integration_id_company_id_fkey FOREIGN KEY (integration_id, company_id) REFERENCES psa.company(integration_id, psa_id);

ALTER TABLE ONLY psa.contact
    ADD CONSTRAINT contact_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.custom_field
    ADD CONSTRAINT custom_field_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.list_change
    ADD CONSTRAINT list_change_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.local_change
    ADD CONSTRAINT local_change_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.mark
    ADD CONSTRAINT mark_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.member
    ADD CONSTRAINT member_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_integration_id_contact_id_fkey FOREIGN KEY (integration_id, contact_id) REFERENCES psa.contact(integration_id, psa_id) ON DELETE SET NULL (contact_id);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_integration_id_member_id_fkey FOREIGN KEY (integration_id, member_id) REFERENCES psa.member(integration_id, psa_id) ON DELETE SET NULL (member_id);

ALTER TABLE ONLY psa.note
    ADD CONSTRAINT note_integration_id_ticket_id_fkey FOREIGN KEY (integration_id, ticket_id) REFERENCES psa.ticket(integration_id, psa_id) ON DELETE CASCADE;

ALTER TABLE ONLY psa.outbox_note
    ADD CONSTRAINT outbox_note_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.outbox_time_entry
    ADD CONSTRAINT outbox_time_entry_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.priority
    ADD CONSTRAINT priority_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.private_note
    ADD CONSTRAINT private_note_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.quarantine
    ADD CONSTRAINT quarantine_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_rollback_of_fkey FOREIGN KEY (rollback_of) REFERENCES psa.run(id);

ALTER TABLE ONLY psa.run
    ADD CONSTRAINT run_rolled_back_by_fkey FOREIGN KEY (rolled_back_by) REFERENCES psa.run(id);

ALTER TABLE ONLY psa.service_location
    ADD CONSTRAINT service_location_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.status
    ADD CONSTRAINT status_integration_id_board_id_fkey FOREIGN KEY (integration_id, board_id) REFERENCES psa.board(integration_id, psa_id);

ALTER TABLE ONLY psa.status
    ADD CONSTRAINT status_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_board_id_fkey FOREIGN KEY (integration_id, board_id) REFERENCES psa.board(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_company_id_fkey FOREIGN KEY (integration_id, company_id) REFERENCES psa.company(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_contact_id_fkey FOREIGN KEY (integration_id, contact_id) REFERENCES psa.contact(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_item_id_fkey FOREIGN KEY (integration_id, item_id) REFERENCES psa.ticket_item(integration_id, psa_id) ON DELETE SET NULL (item_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_location_id_fkey FOREIGN KEY (integration_id, location_id) REFERENCES psa.service_location(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_owner_id_fkey FOREIGN KEY (integration_id, owner_id) REFERENCES psa.member(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_priority_id_fkey FOREIGN KEY (integration_id, priority_id) REFERENCES psa.priority(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_source_id_fkey FOREIGN KEY (integration_id, source_id) REFERENCES psa.ticket_source(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_status_id_fkey FOREIGN KEY (integration_id, status_id) REFERENCES psa.status(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_subtype_id_fkey FOREIGN KEY (integration_id, subtype_id) REFERENCES psa.ticket_subtype(integration_id, psa_id) ON DELETE SET NULL (subtype_id);

ALTER TABLE ONLY psa.ticket
    ADD CONSTRAINT ticket_integration_id_type_id_fkey FOREIGN KEY (integration_id, type_id) REFERENCES psa.ticket_type(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_item
    ADD CONSTRAINT ticket_item_integration_id_board_id_fkey FOREIGN KEY (integration_id, board_id) REFERENCES psa.board(integration_id, psa_id) ON DELETE CASCADE;

ALTER TABLE ONLY psa.ticket_item
    ADD CONSTRAINT ticket_item_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket_source
    ADD CONSTRAINT ticket_source_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket_subtype
    ADD CONSTRAINT ticket_subtype_integration_id_board_id_fkey FOREIGN KEY (integration_id, board_id) REFERENCES psa.board(integration_id, psa_id) ON DELETE CASCADE;

ALTER TABLE ONLY psa.ticket_subtype
    ADD CONSTRAINT ticket_subtype_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket_tag
    ADD CONSTRAINT ticket_tag_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket_technician
    ADD CONSTRAINT ticket_technician_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.ticket_technician
    ADD CONSTRAINT ticket_technician_integration_id_member_id_fkey FOREIGN KEY (integration_id, member_id) REFERENCES psa.member(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_technician
    ADD CONSTRAINT ticket_technician_integration_id_ticket_id_fkey FOREIGN KEY (integration_id, ticket_id) REFERENCES psa.ticket(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_type
    ADD CONSTRAINT ticket_type_integration_id_board_id_fkey FOREIGN KEY (integration_id, board_id) REFERENCES psa.board(integration_id, psa_id);

ALTER TABLE ONLY psa.ticket_type
    ADD CONSTRAINT ticket_type_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.time_entry
    ADD CONSTRAINT time_entry_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES psa.integration(id);

ALTER TABLE ONLY psa.time_entry
    ADD CONSTRAINT time_entry_integration_id_member_id_fkey FOREIGN KEY (integration_id, member_id) REFERENCES psa.member(integration_id, psa_id) ON DELETE SET NULL (member_id);

ALTER TABLE ONLY psa.time_entry
    ADD CONSTRAINT time_entry_integration_id_ticket_id_fkey FOREIGN KEY (integration_id, ticket_id) REFERENCES psa.ticket(integration_id, psa_id) ON DELETE CASCADE;
