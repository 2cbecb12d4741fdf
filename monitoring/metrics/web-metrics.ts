import { type MetricDefinition, topicAndGroup } from './metric-definition.ts'

/** From a publish to its effect: with retries it may take an hour. */
const latencyBuckets = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600]

/** What needs the whole lab to be known: ledger, lag, queue depths, publish to effect. */
export const webMetrics = {
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
    help: 'How far the group is behind: age of the oldest message that was never handed to it. 0 if there is none.',
    labels: ['messaging_consumer_group_name'],
  },
  faultline_oldest_message_age_seconds: {
    kind: 'gauge',
    from: 'web',
    help: 'Age of the oldest message that the group has not settled, those that wait for a retry included. 0 if there is none.',
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
  faultline_flows_started_total: {
    kind: 'counter',
    from: 'web',
    help: 'Flows that began: their first event was accepted by the broker.',
    labels: ['flow'],
  },
  faultline_flows: {
    kind: 'gauge',
    from: 'web',
    help: 'Flows by what became of them: open, ended and overdue add up to those that began. conflicting counts those among the ended that reached two different ends.',
    labels: ['flow', 'state'],
  },
  faultline_flow_duration_seconds: {
    kind: 'histogram',
    from: 'web',
    help: 'From the first event of a flow to the end that it reached first, of flows that ended.',
    labels: ['flow', 'ended_by'],
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
    help: 'Telemetry records that were invalid.',
    labels: [],
  },
  faultline_telemetry_storable: {
    kind: 'gauge',
    from: 'web',
    help: '1 while telemetry can be stored; 0 if the data folder refuses it and sidecars keep it.',
    labels: [],
  },
  faultline_faults_active: {
    kind: 'gauge',
    from: 'web',
    help: 'Faults that are injected now, or are being injected or healed, by type.',
    labels: ['fault_type'],
  },
  faultline_program_reports_total: {
    kind: 'counter',
    from: 'web',
    help: 'Spans, and log lines within a trace, that programs reported over OTLP and that were taken.',
    labels: ['signal'],
  },
  faultline_program_reports_kept: {
    kind: 'gauge',
    from: 'web',
    help: 'Spans and log lines of programs that are kept now.',
    labels: ['signal'],
  },
  faultline_program_reports_dropped_total: {
    kind: 'counter',
    from: 'web',
    help: 'Spans and log lines of programs that are not kept: no_message has their trace, trace_full, or evicted by newer ones.',
    labels: ['reason'],
  },
  faultline_viewers: {
    kind: 'gauge',
    from: 'web',
    help: 'Browsers that look at the lab.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>
