-- The roots of which most traces failed, with how many did and did not.
SELECT name AS root, countIf(status = 'error') AS failing, countIf(status = 'ok') AS passing
FROM traces FINAL
WHERE project = {project:String}
    AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
    AND ({environment:String} = '' OR environment = {environment:String})
GROUP BY name
HAVING failing > 0
ORDER BY failing DESC, name
LIMIT {roots_max:UInt32}
