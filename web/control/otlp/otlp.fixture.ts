import protobuf from 'protobufjs'

/** Of opentelemetry-proto 1.8.0, as far as tests write it: requests are encoded from the definition, not by the code that reads them. */
const definition = `
syntax = "proto3";
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Scope { string name = 1; string version = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Status { reserved 1; string message = 2; int32 code = 3; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10; repeated Event events = 11; Status status = 15; fixed32 flags = 16;
}
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6;
  fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11;
}
message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message LogsRequest { repeated ResourceLogs resource_logs = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message Answer { PartialSuccess partial_success = 1; }
message RpcStatus { int32 code = 1; string message = 2; }
`
const { root } = protobuf.parse(definition)

export type OtlpMessage = 'TracesRequest' | 'LogsRequest' | 'Answer' | 'RpcStatus'

/** The wire form of a message, given in the form that OTLP has in JSON. */
export function encoded(message: OtlpMessage, json: object): Buffer {
  const type = root.lookupType(message)
  return Buffer.from(type.encode(type.fromObject(withBytes(json) as object)).finish())
}

export const decoded = (message: OtlpMessage, bytes: Uint8Array): Record<string, unknown> =>
  root.lookupType(message).toObject(root.lookupType(message).decode(bytes), { longs: String })

/** Ids are hexadecimal in JSON and bytes on the wire. */
function withBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBytes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(String(inner), 'hex') : withBytes(inner),
    ]),
  )
}

export const traceId = '5b8efff798038103d269b633813fc60c'
export const spanIdOf = (number: number): string => number.toString(16).padStart(16, '0')
const at = 1_700_000_000_000
const nanoseconds = (ms: number): string => `${at + ms}000000`

export const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** One span, 5 ms long, as JSON has it. */
export const span = (number: number, over: object = {}): object => ({
  ...{ traceId, spanId: spanIdOf(number), name: `span ${number}`, kind: 3 },
  ...{ startTimeUnixNano: nanoseconds(10), endTimeUnixNano: nanoseconds(15) },
  ...over,
})

export const tracesRequestOf = (spans: readonly object[], resource: readonly object[] = paymentResource): object => ({
  resourceSpans: [{ scopeSpans: [{ scope: { name: 'sqlite3' }, spans }], resource: { attributes: resource } }],
})
export const logsRequestOf = (logRecords: readonly object[]): object => ({
  resourceLogs: [{ resource: { attributes: paymentResource }, scopeLogs: [{ logRecords }] }],
})
export const logLine = (over: object = {}): object => ({
  ...{ timeUnixNano: nanoseconds(12), severityNumber: 13, body: { stringValue: 'the card is slow' } },
  ...{ traceId, spanId: spanIdOf(1) },
  ...over,
})

export const paymentResource = [
  attribute('service.name', 'payment'),
  attribute('service.instance.id', 'payment-1'),
  attribute('telemetry.sdk.language', 'python'),
]
