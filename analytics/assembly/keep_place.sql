-- Everything recorded up to this time is assembled.
INSERT INTO assembled (signal, verified) VALUES ('traces', fromUnixTimestamp64Micro({verified_us:Int64}, 'UTC'))
