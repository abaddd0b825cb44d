-- Which gates of the rules of redaction find something in the bytes of segments: 1 for the first.
-- vectorscan reads them as they are, undecoded.
SELECT groupUniqArrayArray(multiMatchAllIndices(raw_blob, {redaction_gates:Array(String)})) AS gates
FROM file({path:String}, 'RawBLOB', 'raw_blob String')
SETTINGS max_threads = 1
