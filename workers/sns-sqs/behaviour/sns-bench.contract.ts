import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import type { TestSimulator } from './simulator.contract.ts'

/** The calls that the rules of SNS share, on the simulator of the test that runs. */
export function snsBench(current: () => TestSimulator) {
  const newTopic = async (topic: string, Attributes: Record<string, string> = {}) =>
    (await current().sns.send(new CreateTopicCommand({ Name: topic, Attributes }))).TopicArn ?? ''
  const subscribe = async (
    TopicArn: string,
    Endpoint: string,
    Attributes: Record<string, string> = {},
    Protocol = 'sqs',
  ) =>
    (
      await current().sns.send(
        new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
      )
    ).SubscriptionArn ?? ''
  const publish = (TopicArn: string, Message: string, more: object = {}) =>
    current().sns.send(new PublishCommand({ TopicArn, Message, ...more }))
  const text = (StringValue: string) => ({ DataType: 'String', StringValue })
  const deliveries = async () => (await (await fetch(`${current().url}/_faultline/sns/deliveries`)).json()).deliveries

  return {
    get simulator() {
      return current()
    },
    newTopic,
    subscribe,
    publish,
    text,
    deliveries,
  }
}

export type SnsBench = ReturnType<typeof snsBench>
