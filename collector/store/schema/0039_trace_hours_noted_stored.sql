-- Hours from before 0036 get a day that stays: computed at each reading it would be today for ever.
ALTER TABLE trace_hours MATERIALIZE COLUMN noted SETTINGS mutations_sync = 2
