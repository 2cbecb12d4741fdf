import { z } from 'zod'

/**
 * Every error that the API answers with: its stable code, HTTP status, title, and whether the same request may succeed
 * later. `ERRORS.md` explains each; a test keeps the two equal.
 */
export const errorCodes = {
  bad_request: { status: 400, title: 'The request cannot be read', retryable: false },
  invalid_body: { status: 400, title: 'The body is not valid', retryable: false },
  invalid_query: { status: 400, title: 'The query is not valid', retryable: false },
  invalid_json: { status: 400, title: 'The body is not JSON', retryable: false },
  schema_violation: { status: 400, title: 'The data does not match the schema of its type', retryable: false },
  invalid_schema: { status: 400, title: 'The JSON Schema is not valid', retryable: false },
  invalid_example: { status: 400, title: 'The example does not match the schema', retryable: false },
  invalid_scenario: { status: 400, title: 'The scenario is not valid', retryable: false },
  invalid_cursor: { status: 400, title: 'The cursor is not one of this list', retryable: false },
  unauthorized: { status: 401, title: 'A token is needed', retryable: false },
  foreign_origin: { status: 403, title: 'The request comes from another site', retryable: false },
  foreign_host: { status: 421, title: 'The Host header names another server', retryable: false },
  not_found: { status: 404, title: 'There is nothing at this address', retryable: false },
  unknown_event_type: { status: 404, title: 'No event type has this name', retryable: false },
  unknown_moment: { status: 404, title: 'Nothing is recorded of this moment', retryable: false },
  unknown_flow: { status: 404, title: 'No flow has this id', retryable: false },
  unknown_message: { status: 404, title: 'No message has this id', retryable: false },
  unknown_burst: { status: 404, title: 'No burst has this id', retryable: false },
  unknown_fault: { status: 404, title: 'No fault has this id', retryable: false },
  unknown_redrive: { status: 404, title: 'No redrive has this id', retryable: false },
  unknown_service: { status: 404, title: 'No worker has this name', retryable: false },
  unknown_consumer: { status: 404, title: 'No consumer has this name', retryable: false },
  unknown_run: { status: 404, title: 'No run has this id', retryable: false },
  unknown_scenario: { status: 404, title: 'No scenario has this name', retryable: false },
  unknown_queue: { status: 404, title: 'No queue, topic or subscription has this ARN', retryable: false },
  method_not_allowed: { status: 405, title: 'This address does not take this method', retryable: false },
  event_type_exists: { status: 409, title: 'An event type has this name already', retryable: false },
  built_in_event_type: { status: 409, title: 'A built-in event type cannot be changed here', retryable: false },
  invalid_lab: { status: 422, title: 'The lab file has problems', retryable: false },
  lab_changed: { status: 409, title: 'The lab has changed since', retryable: false },
  lab_fixed: { status: 409, title: 'The services of this lab cannot be changed here', retryable: false },
  lab_file_changed: { status: 409, title: 'The lab file has changed since', retryable: false },
  service_in_use: { status: 409, title: 'Messages of a service are still unsettled', retryable: true },
  event_type_in_use: { status: 409, title: 'Messages of this type are still unsettled', retryable: true },
  schema_too_costly: { status: 422, title: 'The check against the schema takes too much', retryable: false },
  fault_conflict: { status: 422, title: 'The fault contradicts another', retryable: true },
  fault_not_possible: { status: 422, title: 'This target or broker cannot have the fault', retryable: false },
  invalid_fault: { status: 422, title: 'The fault is not valid', retryable: false },
  switch_running: { status: 409, title: 'The lab is changing brokers', retryable: true },
  broker_not_ready: { status: 409, title: 'The lab cannot run on this broker now', retryable: true },
  burst_running: { status: 409, title: 'A burst is running', retryable: true },
  nothing_to_redrive: { status: 409, title: 'No dead letter is chosen', retryable: false },
  run_running: { status: 409, title: 'A scenario is running', retryable: true },
  audit_running: { status: 409, title: 'An audit is running', retryable: true },
  redrive_running: { status: 409, title: 'A redrive is running', retryable: true },
  queue_changed: { status: 409, title: 'The queue holds more than was confirmed', retryable: false },
  queues_not_here: { status: 409, title: 'This broker has no queues', retryable: false },
  queues_read_only: { status: 409, title: 'These queues are only read here', retryable: false },
  message_dropped: { status: 410, title: 'The journey of this message is no longer kept', retryable: false },
  queue_refused: { status: 422, title: 'SNS/SQS refuses this', retryable: false },
  too_large: { status: 413, title: 'The body is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The body must be application/json', retryable: false },
  too_many_requests: { status: 429, title: 'Too many requests', retryable: true },
  internal: { status: 500, title: 'The control plane failed', retryable: true },
  publish_failed: { status: 503, title: 'The broker did not take the event', retryable: true },
  producer_down: { status: 503, title: 'No producer is up', retryable: true },
  database_down: { status: 503, title: 'The database does not answer', retryable: true },
  broker_down: { status: 503, title: 'The broker does not answer', retryable: true },
  broker_switching: { status: 503, title: 'The lab is changing brokers and takes no events', retryable: true },
  validation_busy: { status: 503, title: 'Too many checks against schemas wait', retryable: true },
  shutting_down: { status: 503, title: 'Faultline is stopping', retryable: true },
  publish_indeterminate: { status: 504, title: 'Whether the broker took the event is not known', retryable: false },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>
export type ErrorCode = keyof typeof errorCodes

/** An RFC 9457 problem document, `application/problem+json`. */
export const problem = z.object({
  /** `/problems/<code>`, relative to the server. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What happened and how to mend it. */
  detail: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** For bad input: what is wrong where. `path` is a JSON pointer. */
  errors: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        /** In the text of a file, from 1. */
        line: z.int().optional(),
        column: z.int().optional(),
      }),
    )
    .optional(),
  /** For an indeterminate publish: the id that the message has if it arrived. */
  id: z.string().optional(),
  state: z.string().optional(),
})
export type Problem = z.infer<typeof problem>
