-- A long text in the pieces that other texts are likely to share: agents send the whole history of a
-- conversation with each call, as a JSON array of objects. It is cut between its objects; the pieces
-- with the joint between them and the ending are the text again, byte for byte.
-- A text that is cut must be cut alike wherever its pieces are hashed.
-- The definitions stand in load_traces.sql and load_contents.sql too, in place of their name in braces.
WITH
    -- what is too long is cut, with a mark that says how long it was
    /*whole*/ (text -> text) AS cut,
    /*whole*/ (list -> list) AS keep,
    /*cut*/ (text -> if(length(text) <= {value_bytes_max:UInt64}, text, concat(
    /*cut*/     toValidUTF8(substring(text, 1, {value_bytes_max:UInt64})), ' [cut by doldrums, was ', toString(length(text)), ' bytes]'))) AS cut,
    /*cut*/ (list -> arraySlice(list, 1, {attributes_max:UInt32})) AS keep,
    (text -> length(text) >= {content_bytes_min:UInt32}) AS is_content,
    ((loose, tight, bytes) -> multiIf(
        -- pieces shorter than that cost more than they save
        greatest(loose, tight) = 0 OR greatest(loose, tight) * 64 > bytes, '',
        loose >= tight, '}, {', '},{')) AS joint_of,
    (text -> joint_of(countSubstrings(text, '}, {'), countSubstrings(text, '},{'), length(text))) AS joint,
    ((text, joint) -> if(joint != '' AND endsWith(text, '}]'), '}]', '')) AS ending,
    ((text, joint) -> multiIf(
        joint = '},{', splitByString('},{', left(text, length(text) - length(ending(text, joint)))),
        joint = '}, {', splitByString('}, {', left(text, length(text) - length(ending(text, joint)))),
        [text])) AS pieces,
    -- half of a SHA-256: what arrives is hostile, and a text must not stand in for another
    (piece -> toFixedString(substring(SHA256(piece), 1, 16), 16)) AS hash_of
SELECT
    joint({text:String}) AS joint_found,
    ending({text:String}, joint_found) AS ending_found,
    arrayMap(piece -> (hash_of(piece), piece), pieces({text:String}, joint_found)) AS pieces_found
