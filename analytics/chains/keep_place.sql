INSERT INTO assembled (signal, verified) VALUES ('chains', fromUnixTimestamp64Micro({version:Int64}, 'UTC'))
