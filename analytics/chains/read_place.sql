-- The version of `steps` up to which chains are recorded.
SELECT toUnixTimestamp64Micro(max(verified)) AS version FROM assembled WHERE signal = 'chains'
