-- Of what prompts and sets of tools are made, by fingerprint.
SELECT fingerprint, any(part_names) AS names, any(part_hashes) AS hashes
FROM prompt_fingerprints
WHERE project = {project:String} AND fingerprint IN {fingerprints:Array(String)} AND hour >= toDateTime({known_s:Int64}, 'UTC')
GROUP BY project, fingerprint
