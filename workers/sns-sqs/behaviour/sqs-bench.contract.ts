import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { TestSimulator } from './simulator.contract.ts'

/** What the rules of SQS are tried with. `simulator` is the one of the test that runs. */
export function sqsBench(simulator: () => TestSimulator) {
  return {
    get simulator() {
      return simulator()
    },
    send: (QueueUrl: string, MessageBody: string, more: object = {}) =>
      simulator().sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    bodies: async (url: string, more: object = {}) => (await simulator().receive(url, more)).map(({ Body }) => Body),
    fifoQueue: (queue = 'f.fifo', attributes: Record<string, string> = {}) =>
      simulator().newQueue(queue, { FifoQueue: 'true', ...attributes }),
    redrive: (arn: string, maxReceiveCount = 1) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }),
    }),
  }
}
export type SqsBench = ReturnType<typeof sqsBench>
