import { type MetricDefinition, topicAndGroup } from './metric-definition.ts'

/** The advice of the messaging conventions, with finer steps below: a local broker answers in a millisecond. */
const operationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30]

const destination = ['messaging_system', 'messaging_destination_name'] as const
const consumed = [...destination, 'messaging_consumer_group_name'] as const
const instance = ['service_name', 'service_instance_id'] as const

/** What passes through a sidecar: publishes, deliveries and attempts of its worker, its replicas, links and telemetry. */
export const sidecarMetrics = {
  messaging_client_sent_messages_total: {
    kind: 'counter',
    from: 'sidecar',
    help: 'Messages that a producer tried to hand to the broker and knows the answer of; error_type if it was not taken, or if that is unknown.',
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
    help: 'Time of one handler run; error_type if it failed.',
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
    help: 'Rows written and mails accepted; result "suppressed" where the effect was there already.',
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
} as const satisfies Record<string, MetricDefinition>
