import type { FilterVerdict } from '../semantics/filter/filter-policy.ts'

/** One thing on the way of a message: `ok`, what kept it away, or what may have, or would on AWS. */
export interface ExplainedStep {
  step: 'topic' | 'subscription' | 'filter' | 'queue' | 'access' | 'fault' | 'arrival'
  verdict: 'ok' | 'stops' | 'may-stop'
  /** Stable name of the finding. */
  code: string
  /** One sentence. */
  text: string
  /** Epoch milliseconds, where the finding has a time. */
  at?: number
}

/** Answer of `POST /_faultline/sns/explain`. */
export interface Explanation {
  subscriptionArn: string
  topicArn: string
  protocol: string
  endpoint: string
  raw: boolean
  /** Whether SNS, in its present state, hands this message to the endpoint; a fault in force may still lose it. */
  passes: boolean
  /** In the order of the way. No step follows one of delivery that stops. */
  steps: ExplainedStep[]
  /** Absent if the subscription takes everything, or the policy cannot be read. */
  filter?: FilterVerdict
}
