-- Rows and bytes that all queries of this process have read from tables.
SELECT event, value FROM system.events WHERE event IN ('SelectedRows', 'SelectedBytes')
