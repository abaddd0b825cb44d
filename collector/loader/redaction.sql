-- What is secret, by the rules of collector/redaction, is replaced by a mark that names the rule. It is
-- replaced before a text is cut to its length or into pieces, so that half a secret is never left.
-- `clear`: no gate found anything in these segments; `secret`: some did, and their rules alone stand here.
-- The definitions stand in each statement that loads, in place of this file's name in braces.
WITH
    /*clear*/ (text -> text) AS redact,
    /*clear*/ ((key, type, text) -> text) AS redact_value,
    /*clear*/ (bytes -> base64Encode(bytes)) AS bytes_text,
    /*secret*/ (card -> arraySum(
    /*secret*/     (digit, place) -> if(place % 2 = 1, digit, digit * 2 - if(digit > 4, 9, 0)),
    /*secret*/     arrayReverse(arrayMap(one -> toInt16(one), extractAll(card, '[0-9]'))) AS digits,
    /*secret*/     arrayEnumerate(digits)) % 10 = 0) AS passes_luhn,
    /*secret*/ ((gaps, cards, put) -> arrayStringConcat(arrayMap(
    /*secret*/     (gap, card) -> concat(gap, if(passes_luhn(extract(card, '[0-9 -]+$')), replaceRegexpOne(
    /*secret*/         card, '^(?:(.)(\\\\*["\'])(\\s*[:,]\\s*\\[?\\s*)|([^0-9]?))[0-9][0-9 .-]*$', put), card)),
    /*secret*/     gaps, arrayResize(cards, length(gaps), '')))) AS without_cards,
    -- in JSON a number outside of strings becomes one: \x01, which stands in no JSON, comes after each string and
    -- in place of each mark that is in none
    /*secret*/ ((json, text) -> if(match(json, '^\\s*[\\[{]') AND isValidJSON(json), replaceAll(replaceAll(
    /*secret*/     replaceRegexpAll(text, '("(?:[^"\\\\]|\\\\.)*")|\\[redacted: card-number\\]', '\\1\x01'),
    /*secret*/     '"\x01', '"'), '\x01', '"[redacted: card-number]"'), text)) AS like_json,
    -- A value may have 64 MiB, of which 256 KiB are kept: what is far behind its end is not looked at. A secret at
    -- the end is found whole if it is no longer than that; then the rest is cut, as `cut` would, for which it is
    -- no longer too long.
    /*secret*/ (text -> substring(text, 1, {value_bytes_max:UInt64} + 16384)) AS beginning,
    /*secret*/ ((text, bytes) -> if(bytes <= {value_bytes_max:UInt64} + 16384, text, concat(
    /*secret*/     toValidUTF8(substring(text, 1, greatest({value_bytes_max:UInt64} - 64, 0))),
    /*secret*/     ' [cut by doldrums, was ', toString(bytes), ' bytes]'))) AS ended,
    /*secret*/ (text -> {{is_gated}}) AS is_gated,
    /*secret*/ (text -> {{redacted_text}}) AS redact,
    -- the name decides of texts, of bytes and of numbers, and of lists as a whole; a map has names of its own
    /*secret*/ ((key, type, text) -> if(
    /*secret*/     match(key, {redaction_attributes:String}) AND type NOT IN (2, 7) AND text NOT IN ('', '[]'),
    /*secret*/     if(type = 6, concat('["', {{attribute_mark}}, '"]'), {{attribute_mark}}),
    /*secret*/     redact(text))) AS redact_value,
    -- what is kept as bytes is replaced as a whole where there may be a secret in it
    /*secret*/ (bytes -> if(is_gated(bytes), '[redacted: bytes]', base64Encode(bytes))) AS bytes_text,
    /*secret*/ (text -> {{is_asked}}) AS is_asked,
    /*secret*/ (texts -> is_asked(arrayStringConcat(texts, '\n'))) AS may_be_secret,
    /*secret*/ (texts -> arraySum(text -> countSubstrings(text, redacted_mark), texts)) AS redactions_in,
    -- every mark begins with it
    '[redacted: ' AS redacted_mark
SELECT
    redact({text:String}),
    redact_value({key:String}, 1, {text:String}),
    bytes_text({text:String})
