-- The names that occur in a segment, how its values are nested and how large its largest parts are.
-- 1 to 1.5 us a span: values are not decoded.
WITH
    arrayFlatten(resource_spans.scope_spans.spans) AS spans,
    arrayConcat(
        arrayFlatten(spans.attributes.value),
        arrayFlatten(spans.events.attributes.value),
        arrayFlatten(spans.links.attributes.value),
        arrayFlatten(resource_spans.scope_spans.scope.attributes.value),
        arrayFlatten(resource_spans.resource.attributes.value)) AS any_values,
    any_values.array_value.values AS arrays
SELECT
    groupUniqArrayArray(arrayFlatten(spans.attributes.key)) AS attributes,
    groupUniqArrayArray(arrayFlatten(spans.events.name)) AS events,
    groupUniqArrayArray(arrayFlatten(resource_spans.scope_spans.scope.name)) AS scopes,
    max(arrayExists(items -> notEmpty(items), arrays)) AS has_arrays,
    -- the first byte of an AnyValue is its branch: 0x2A an array, 0x32 a map
    max(
        arrayExists(text -> notEmpty(text), any_values.kvlist_value)
        OR arrayExists(item -> substring(item, 1, 1) IN ('\x2A', '\x32'), arrayFlatten(arrays))) AS has_deep,
    max(greatest(
        arrayMax(arrayMap(list -> length(list), spans.attributes)),
        arrayMax(arrayMap(list -> length(list), resource_spans.resource.attributes)),
        arrayMax(arrayMap(lists -> length(arrayFlatten(lists)), resource_spans.scope_spans.scope.attributes)),
        arrayMax(arrayMap(list -> length(list), spans.events)),
        arrayMax(arrayMap(list -> length(list), spans.links)),
        arrayMax(arrayMap(lists -> length(arrayFlatten(lists)), spans.events.attributes)),
        arrayMax(arrayMap(lists -> length(arrayFlatten(lists)), spans.links.attributes)))) AS elements_most,
    max(greatest(
        arrayMax(arrayMap(text -> length(text), any_values.string_value)),
        arrayMax(arrayMap(text -> length(text), any_values.kvlist_value)),
        arrayMax(arrayMap(text -> length(text), any_values.bytes_value)),
        arrayMax(arrayMap(items -> arraySum(arrayMap(item -> length(item), items)), arrays)),
        arrayMax(arrayMap(text -> length(text), arrayFlatten(spans.events.name))),
        arrayMax(arrayMap(text -> length(text), arrayFlatten(spans.attributes.key))),
        arrayMax(arrayMap(text -> length(text), arrayFlatten(resource_spans.resource.attributes.key))),
        arrayMax(arrayMap(text -> length(text), spans.name)),
        arrayMax(arrayMap(text -> length(text), spans.status.message)))) AS value_bytes_most
FROM file({path:String}, 'Protobuf', {structure:String})
SETTINGS max_threads = 1, format_schema = '{{schema}}:Request'
