-- After its last statement.
INSERT INTO migrations (name) VALUES ({name:String})
