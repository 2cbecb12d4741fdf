import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { watchDeparture } from './departure.ts'

/** How to reach the service. */
export interface ClientOptions {
  /** `http://127.0.0.1:4100`. Absent: AWS itself, by the region. */
  endpoint?: string | undefined
  region: string
  /** Absent: the SDK's own chain (environment, profile, role). */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined
  /** Milliseconds to establish a connection, and to wait for an answer (long polls add their own wait). */
  connectTimeoutMs: number
  requestTimeoutMs: number
}

/** One client of each service, over kept-alive connections that both share. */
export interface Clients {
  sns: SNSClient
  sqs: SQSClient
  close(): void
}

/**
 * Steps that every request would take for nothing: a log line for a logger that is not there, the name and version of the SDK, and a header
 * that only a Lambda function sends. About 5 % of a worker's time under load.
 */
const needless = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware']

/**
 * Opens the SDK's clients. They retry nothing by themselves: a second request would hide that nobody knows what became
 * of the first, which is what `indeterminate` is for. `throwOnRequestTimeout` makes a timeout an error; without it the
 * SDK only warns and waits for ever.
 */
export function openClients(options: ClientOptions): Clients {
  // The SDK warns on every start under Node 20, which is still the oldest version that Faultline runs on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) }
  const config = {
    region: options.region,
    maxAttempts: 1,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // The SDK takes an undefined member for a credential of its own.
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    requestHandler: {
      ...agents,
      connectionTimeout: options.connectTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  }
  const sns = new SNSClient(config)
  const sqs = new SQSClient(config)
  for (const client of [sns, sqs]) {
    for (const name of needless) client.middlewareStack.remove(name)
    watchDeparture(client)
  }
  return {
    sns,
    sqs,
    close() {
      sns.destroy()
      sqs.destroy()
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}
