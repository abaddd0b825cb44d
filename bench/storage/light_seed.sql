-- The seed without what is heavy and no list, tree or look-up by key reads.
CREATE TABLE seed_spans_light ENGINE = MergeTree ORDER BY tuple() AS
SELECT * REPLACE (
    defaultValueOfTypeName(toTypeName(attributes)) AS attributes,
    defaultValueOfTypeName(toTypeName(attribute_types)) AS attribute_types,
    defaultValueOfTypeName(toTypeName(content_references)) AS content_references,
    defaultValueOfTypeName(toTypeName(resource_attributes)) AS resource_attributes,
    '' AS input_preview,
    '' AS output_preview)
FROM seed_spans
