/**
 * Every metric of the lab: the one place that names them. Web and sidecars make their meters from it, the document
 * `docs/monitoring.md` and the dashboards are tested against it.
 *
 * What OpenTelemetry has a name for is named so (messaging and process conventions, in Prometheus form: dots become
 * underscores, the unit and `_total` are added); the rest begins with `faultline_`. Labels take values from small
 * closed sets: names of the declared lab, states, and error types up to a limit. No label ever holds a message's id, key or text.
 */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram'
  /** Which `/metrics` has it. Each is made in one place only, so that a sum over all targets counts nothing twice. */
  from: 'web' | 'sidecar' | 'both'
  help: string
  labels: readonly string[]
  /** Upper bounds of a histogram, in its unit. */
  buckets?: readonly number[]
}

/** The advice of the messaging conventions, with finer steps below: a local broker answers in a millisecond. */
const operationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30]
/** From a publish to its effect: with retries it may take an hour. */
const latencyBuckets = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600]

const destination = ['messaging_system', 'messaging_destination_name'] as const
const consumed = [...destination, 'messaging_consumer_group_name'] as const
const topicAndGroup = ['messaging_destination_name', 'messaging_consumer_group_name'] as const
const instance = ['service_name', 'service_instance_id'] as const

export const metricDefinitions = {
  messaging_client_sent_messages_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Messages that a producer tried to hand to the broker and knows the answer of; error_type where it was not taken, or where nobody can tell.',
    labels: [...destination, 'messaging_operation_name', 'error_type'],
  },
  messaging_client_consumed_messages_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Messages handed to a consumer, redeliveries included.',
    labels: [...consumed, 'messaging_operation_name', 'service_instance_id'],
  },
  messaging_client_operation_duration_seconds: {
    kind: 'histogram',
    from: 'sidecar',
    help: 'Time of one call to the broker, a batch being one: send until the answer, settle until the confirmation.',
    labels: [...consumed, 'messaging_operation_type', 'messaging_operation_name', 'error_type'],
    buckets: operationBuckets,
  },
  messaging_process_duration_seconds: {
    kind: 'histogram',
    from: 'sidecar',
    help: 'Time of one handler run; error_type where it failed.',
    labels: [...consumed, 'messaging_operation_name', 'error_type'],
    buckets: operationBuckets,
  },
  faultline_attempts_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Handler runs that ended, by outcome: ok, error or interrupted by a shutdown.',
    labels: [...topicAndGroup, 'service_instance_id', 'outcome'],
  },
  faultline_retries_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Handler runs after the first of the same message.',
    labels: topicAndGroup,
  },
  faultline_redeliveries_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Deliveries of a message that the broker had handed to the group before.',
    labels: topicAndGroup,
  },
  faultline_dead_letters_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Messages that the broker confirmed in a dead-letter queue, by reason.',
    labels: [...topicAndGroup, 'reason'],
  },
  faultline_effects_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Rows written and mails accepted; result "suppressed" where the effect stood already.',
    labels: [...topicAndGroup, 'effect', 'result'],
  },
  faultline_worker_up: {
    kind: 'gauge',
    from: 'sidecar',
    help: '1 while the replica takes messages or commands, else 0.',
    labels: instance,
  },
  faultline_worker_restarts_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Starts of the replica after the first, in the life of its sidecar.',
    labels: instance,
  },
  faultline_worker_messages_in_hand: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Messages that the replica has taken and not settled.',
    labels: instance,
  },
  faultline_worker_event_loop_lag_seconds: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Delay of the event loop of the worker, 99th percentile of the last second.',
    labels: instance,
  },
  faultline_worker_resident_memory_bytes: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Resident memory of the worker.',
    labels: instance,
  },
  faultline_worker_heap_used_bytes: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'JavaScript heap of the worker that is in use.',
    labels: instance,
  },
  faultline_worker_cpu_ratio: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Share of one core that the worker used in the last second.',
    labels: instance,
  },
  faultline_link_connections: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Open connections of a link of the worker.',
    labels: ['service_name', 'link'],
  },
  faultline_link_bytes_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Bytes that a link carried: up from the worker, down to it.',
    labels: ['service_name', 'link', 'direction'],
  },
  faultline_control_plane_connected: {
    kind: 'gauge',
    from: 'sidecar',
    help: '1 while the sidecar is connected to web.',
    labels: ['service_name'],
  },
  faultline_telemetry_buffered_frames: {
    kind: 'gauge',
    from: 'sidecar',
    help: 'Telemetry frames that web has not acknowledged.',
    labels: ['service_name'],
  },
  faultline_telemetry_dropped_frames_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Telemetry frames that the sidecar dropped because its buffer was full: figures have a gap.',
    labels: ['service_name'],
  },
  faultline_telemetry_unreadable_frames_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Telemetry frames of the worker that could not be read for metrics.',
    labels: ['service_name'],
  },
  faultline_lab_info: {
    kind: 'gauge',
    from: 'web',
    help: 'Always 1; which broker the lab runs on, and its version.',
    labels: ['broker', 'version'],
  },
  faultline_part_up: {
    kind: 'gauge',
    from: 'web',
    help: '1 while the part answers: broker, database, mailbox.',
    labels: ['part'],
  },
  faultline_service_connected: {
    kind: 'gauge',
    from: 'web',
    help: '1 while the sidecar of the service is connected.',
    labels: ['service_name'],
  },
  faultline_service_replicas: {
    kind: 'gauge',
    from: 'web',
    help: 'Replicas of the service in each state; none where its sidecar is away.',
    labels: ['service_name', 'state'],
  },
  faultline_ledger_publishes: {
    kind: 'gauge',
    from: 'web',
    help: 'Publishes ever attempted, by what became of them. The states other than "attempted" add up to it.',
    labels: ['messaging_destination_name', 'state'],
  },
  faultline_ledger_obligations: {
    kind: 'gauge',
    from: 'web',
    help: 'Messages owed to a group, by what became of them.',
    labels: [...topicAndGroup, 'state'],
  },
  faultline_ledger_verdict: {
    kind: 'gauge',
    from: 'web',
    help: 'Verdict of the ledger on at-least-once: 1 for the one that holds, 0 for the others.',
    labels: ['result'],
  },
  faultline_ledger_anomalies: {
    kind: 'gauge',
    from: 'web',
    help: 'Anomalies that the ledger knows: of weight "fail" those that break at-least-once, of weight "counted" those that are normal under faults.',
    labels: ['anomaly', 'weight'],
  },
  faultline_consumer_lag_messages: {
    kind: 'gauge',
    from: 'web',
    help: 'Messages on the broker of now that the group has not settled.',
    labels: ['messaging_consumer_group_name'],
  },
  faultline_consumer_lag_seconds: {
    kind: 'gauge',
    from: 'web',
    help: 'How far the group is behind: age of the oldest message that was never handed to it. 0 where there is none.',
    labels: ['messaging_consumer_group_name'],
  },
  faultline_oldest_message_age_seconds: {
    kind: 'gauge',
    from: 'web',
    help: 'Age of the oldest message that the group has not settled, those that wait for a retry included. 0 where there is none.',
    labels: ['messaging_consumer_group_name'],
  },
  faultline_queue_messages: {
    kind: 'gauge',
    from: 'web',
    help: "Messages by the broker's own count: visible, in_flight, delayed, and dead_lettered in the dead-letter queue.",
    labels: ['messaging_consumer_group_name', 'state'],
  },
  faultline_end_to_end_latency_seconds: {
    kind: 'histogram',
    from: 'web',
    help: 'From the attempt to publish until the handler that had the effect ended.',
    labels: ['messaging_consumer_group_name'],
    buckets: latencyBuckets,
  },
  faultline_telemetry_missing_frames: {
    kind: 'gauge',
    from: 'web',
    help: 'Telemetry frames that were announced by a later one and have not come: while it is not 0, figures have a gap.',
    labels: [],
  },
  faultline_telemetry_refused_records_total: {
    kind: 'counter',
    from: 'web',
    help: 'Telemetry records that were not as agreed.',
    labels: [],
  },
  faultline_telemetry_storable: {
    kind: 'gauge',
    from: 'web',
    help: '1 while telemetry can be stored; 0 where the data folder refuses it and sidecars keep it.',
    labels: [],
  },
  faultline_faults_active: {
    kind: 'gauge',
    from: 'web',
    help: 'Faults that are injected now, or are being injected or healed, by type.',
    labels: ['fault_type'],
  },
  faultline_viewers: {
    kind: 'gauge',
    from: 'web',
    help: 'Browsers that look at the lab.',
    labels: [],
  },
  faultline_export_sent_total: {
    kind: 'counter',
    from: 'both',
    help: 'Log lines and spans that the receiver of OTLP has taken.',
    labels: ['signal'],
  },
  faultline_export_dropped_total: {
    kind: 'counter',
    from: 'both',
    help: 'Log lines and spans that were not exported: queue_full, rejected by the receiver, or at shutdown.',
    labels: ['signal', 'reason'],
  },
  faultline_export_queued: {
    kind: 'gauge',
    from: 'both',
    help: 'Log lines and spans that wait to be exported.',
    labels: ['signal'],
  },
  faultline_collector_errors_total: {
    kind: 'counter',
    from: 'both',
    help: 'Scrapes in which a part of the metrics could not be collected.',
    labels: ['collector'],
  },
} as const satisfies Record<string, MetricDefinition>

type Definitions = typeof metricDefinitions
export type MetricName = keyof Definitions
export type MetricOfKind<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: Definitions[Name]['kind'] extends Kind ? Name : never
}[MetricName]
/** The labels that a metric may carry; one that is left out is not shown. */
export type LabelsOf<Name extends MetricName> = { readonly [Label in Definitions[Name]['labels'][number]]?: string }
