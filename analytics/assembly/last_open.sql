-- When anything was reported open for the last time, in seconds; 0 where nothing was.
SELECT toUnixTimestamp(max(observed)) AS observed_s FROM open_spans
