-- The version of `steps` up to which something follows them.
SELECT toUnixTimestamp64Micro(max(verified)) AS version FROM assembled WHERE signal = {signal:String}
