-- How many calls of a boundary were checked and how many broke its contract, by interval of [from, until).
SELECT
    {from_us:UInt64} + intDiv(version - {from_us:UInt64}, {interval_us:UInt64}) * {interval_us:UInt64} AS began_us,
    countIf(source != '' AND outcome != 'unknown') AS checked,
    countIf(outcome = 'broken') AS broken
FROM contract_calls FINAL
WHERE project = {project:String}
    AND version >= {from_us:UInt64}
    AND version < {until_us:UInt64}
    AND ({environment:String} = '' OR environment = {environment:String})
    AND boundary = {boundary:String}
GROUP BY began_us
HAVING checked > 0
ORDER BY began_us
