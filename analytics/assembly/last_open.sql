-- When anything was heard for the last time of what was ever reported open, in seconds, rounded up; 0 where nothing was.
SELECT toUInt32(ceil(toFloat64(max(observed)))) AS observed_s FROM open_spans
