-- All of them.
INSERT INTO traces_by_trace SELECT * FROM traces
