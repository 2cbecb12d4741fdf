/** OpenTelemetry's `messaging.system` of a broker of the lab: `local` and `redis` speak SQS. */
export const messagingSystemOf = (broker: string): string => (broker === 'kafka' ? 'kafka' : 'aws_sqs')
