-- All of them.
INSERT INTO traces_by_hour SELECT * FROM traces
