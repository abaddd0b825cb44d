-- The roots of which most traces failed, with how many did and did not.
SELECT root, countIf(failed) AS failing, countIf(NOT failed) AS passing
FROM labelled
WHERE project = {project:String} AND is_compared
GROUP BY project, root
HAVING failing > 0
ORDER BY failing DESC, root
LIMIT {roots_max:UInt32}
