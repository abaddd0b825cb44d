INSERT INTO assembled (signal, verified) VALUES ({signal:String}, fromUnixTimestamp64Micro({version:Int64}, 'UTC'))
