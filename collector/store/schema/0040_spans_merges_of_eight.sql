-- A merge of 22 parts takes 290 MB, of eight 110: it has buffers for each.
ALTER TABLE spans MODIFY SETTING max_parts_to_merge_at_once = 8
