SELECT min(steps.version) AS version FROM steps WHERE steps.version > {after:UInt64}
