-- One column under several codecs, in the order of the product's key.
CREATE TABLE column_codecs
(
    hour DateTime('UTC'),
    trace_id FixedString(16) CODEC(ZSTD(3)),
    span_id FixedString(8) CODEC(ZSTD(3)),
    trace_id_lz4 FixedString(16) CODEC(LZ4),
    trace_id_zstd_1 FixedString(16) CODEC(ZSTD(1)),
    trace_id_zstd_3 FixedString(16) CODEC(ZSTD(3)),
    span_id_none FixedString(8) CODEC(NONE),
    span_id_zstd_3 FixedString(8) CODEC(ZSTD(3)),
    start_zstd_3 DateTime64(9, 'UTC') CODEC(ZSTD(3)),
    start_delta_lz4 DateTime64(9, 'UTC') CODEC(Delta(8), LZ4),
    start_delta_zstd_1 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    start_delta_zstd_3 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(3)),
    start_double_delta_zstd_3 DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(3)),
    end_zstd_3 DateTime64(9, 'UTC') CODEC(ZSTD(3)),
    end_delta_zstd_1 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    end_delta_zstd_3 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(3)),
    end_double_delta_zstd_3 DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(3)),
    duration_zstd_3 Int64 CODEC(ZSTD(3)),
    duration_t64_zstd_3 Int64 CODEC(T64, ZSTD(3)),
    received_delta_zstd_1 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_delta_zstd_3 DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(3)),
    received_double_delta_zstd_3 DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(3)),
    input_tokens_zstd_1 Nullable(UInt64) CODEC(ZSTD(1)),
    input_tokens_zstd_3 Nullable(UInt64) CODEC(ZSTD(3)),
    input_tokens_t64_lz4 Nullable(UInt64) CODEC(T64, LZ4),
    input_tokens_t64_zstd_3 Nullable(UInt64) CODEC(T64, ZSTD(3)),
    attributes_lz4 Map(LowCardinality(String), String) CODEC(LZ4),
    attributes_zstd_1 Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attributes_zstd_3 Map(LowCardinality(String), String) CODEC(ZSTD(3)),
    attributes_zstd_9 Map(LowCardinality(String), String) CODEC(ZSTD(9))
)
ENGINE = MergeTree
ORDER BY (hour, trace_id, span_id)
SETTINGS min_bytes_for_wide_part = 0
