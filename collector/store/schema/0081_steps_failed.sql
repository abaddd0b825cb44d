-- Whether a step failed: by its status, or by what a tool's answer says of itself.
ALTER TABLE steps ADD COLUMN IF NOT EXISTS failed Bool ALIAS status = 'error' OR payload_error NOT IN ('', 'empty')
