-- Up to which recorded segment everything is assembled, 1970 at first.
SELECT toUnixTimestamp64Micro(max(verified)) AS verified_us FROM assembled WHERE signal = 'traces'
