import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { placeOfArn } from './arns.ts'

/** How the lab reaches SNS and SQS. */
export interface AwsAccess {
  /** Absent: AWS itself, by the region. */
  endpoint?: string | undefined
  region: string
  /** Absent: the SDK's own chain. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined
}

export interface AwsClients {
  sns: SNSClient
  sqs: SQSClient
}

/** Accounts and regions that clients are kept for. */
const mostKept = 20
const connectMs = 2_000
const answerMs = 10_000

/** The SDK's clients, by region and, on the simulator, by account: there an access key of twelve digits is an account. */
export function openAwsClients(access: AwsAccess, isSimulator: boolean) {
  const kept = new Map<string, AwsClients>()
  const end = ({ sns, sqs }: AwsClients): void => {
    sns.destroy()
    sqs.destroy()
  }
  const open = (region: string, account: string | undefined): AwsClients => {
    const credentials =
      isSimulator && account !== undefined ? { accessKeyId: account, secretAccessKey: 'faultline' } : access.credentials
    const config = {
      region,
      maxAttempts: 1,
      ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs, throwOnRequestTimeout: true },
    }
    return { sns: new SNSClient(config), sqs: new SQSClient(config) }
  }
  return {
    /** Those for what an ARN names; without one, those of the lab's own place. */
    of(arn?: string): AwsClients {
      const parts = arn === undefined ? undefined : placeOfArn(arn)
      const key = `${parts?.region} ${parts?.account}`
      const known = kept.get(key)
      if (known !== undefined) return known
      if (kept.size >= mostKept) {
        for (const clients of kept.values()) end(clients)
        kept.clear()
      }
      const clients = open(parts?.region ?? access.region, parts?.account)
      kept.set(key, clients)
      return clients
    },
    close(): void {
      for (const clients of kept.values()) end(clients)
      kept.clear()
    },
  }
}
export type AwsClientsByPlace = ReturnType<typeof openAwsClients>
