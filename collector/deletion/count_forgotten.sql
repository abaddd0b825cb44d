-- How many erased traces are not to be remembered any more.
SELECT count() AS traces FROM erased_traces WHERE found < toDateTime({before_s:UInt32}, 'UTC')
