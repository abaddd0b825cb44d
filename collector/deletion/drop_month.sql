-- Records of segments whose rows are dropped.
ALTER TABLE verified_segments DROP PARTITION {partition:String}
