-- Read every file of a part and compare its checksums.
CHECK TABLE spans PART {part:String} SETTINGS check_query_single_value_result = 0
