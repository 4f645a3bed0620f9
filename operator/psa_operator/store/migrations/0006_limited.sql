-- Runs before the code that needs it; the code before it does not notice, for it limits no run and lists its columns.

ALTER TABLE run ADD COLUMN limited boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN run.limited IS 'Whether it was limited to named tickets or kinds of records, so that it says nothing of the rest.';

-- Rows that were there before have none: since when is not known.
ALTER TABLE ticket ADD COLUMN inserted_at timestamptz;
ALTER TABLE ticket ALTER COLUMN inserted_at SET DEFAULT now();
COMMENT ON COLUMN ticket.inserted_at IS 'Since when the row is here.';
