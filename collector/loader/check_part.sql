-- Read every file of a part and compare its checksums. CHECK takes no parameters: the part's name is
-- the engine's own, and put in place of PART_NAME after it was found to be digits and underscores; the
-- table's is one of ours, and put in place of TABLE_NAME.
CHECK TABLE TABLE_NAME PART 'PART_NAME' SETTINGS check_query_single_value_result = 1
