-- Whether a step's cost is in the total of its trace: nothing beneath it reports one.
ALTER TABLE steps ADD COLUMN IF NOT EXISTS cost_counted Bool AFTER tokens_counted
