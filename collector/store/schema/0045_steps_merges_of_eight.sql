-- As of `spans`.
ALTER TABLE steps MODIFY SETTING max_parts_to_merge_at_once = 8
