-- Ids of erased traces that no archive can bring back any more.
ALTER TABLE erased_traces DELETE WHERE found < toDateTime({before_s:UInt32}, 'UTC') SETTINGS mutations_sync = 2
