-- Runs before the code that needs it; the code before it does not notice.

ALTER TABLE run ADD COLUMN approval_seconds double precision NOT NULL DEFAULT 0;
COMMENT ON COLUMN run.approval_seconds IS 'How long it waited for approvals, which its deadline does not count.';
