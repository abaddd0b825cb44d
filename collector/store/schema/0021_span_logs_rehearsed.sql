-- Takes what `span_logs` takes and keeps nothing: a refused segment is tried here, half by half.
CREATE TABLE span_logs_rehearsed AS span_logs ENGINE = Null;
