import type {
  DeclarationChange,
  Declarations,
  QueueDefinition,
  RecordDefinition,
  RecordKind,
  SubscriptionDefinition,
  TopicDefinition,
} from './queue-store.ts'

/** The key of a record among the declarations. */
export const recordKey = (kind: RecordKind, id: string): string => `${kind} ${id}`

/** What is declared, in memory. */
export class MemoryDeclarations implements Declarations {
  readonly queues = new Map<string, QueueDefinition>()
  readonly topics = new Map<string, TopicDefinition>()
  readonly subscriptions = new Map<string, SubscriptionDefinition>()
  readonly records = new Map<string, RecordDefinition>()
  private readonly byTopic = new Map<string, SubscriptionDefinition[]>()

  subscriptionsOf(topicArn: string): readonly SubscriptionDefinition[] {
    return this.byTopic.get(topicArn) ?? []
  }

  apply(change: DeclarationChange): void {
    if ('put' in change) {
      if (change.put === 'queue') this.queues.set(change.queue.name, change.queue)
      else if (change.put === 'topic') this.topics.set(change.topic.arn, change.topic)
      else if (change.put === 'subscription') this.putSubscription(change.subscription)
      else this.records.set(recordKey(change.record.kind, change.record.id), change.record)
    } else if (change.remove === 'queue') this.queues.delete(change.name)
    else if (change.remove === 'topic') this.removeTopic(change.arn)
    else if (change.remove === 'subscription') this.removeSubscription(change.arn)
    else this.records.delete(recordKey(change.kind, change.id))
  }

  clear(): void {
    this.queues.clear()
    this.topics.clear()
    this.subscriptions.clear()
    this.records.clear()
    this.byTopic.clear()
  }

  private putSubscription(subscription: SubscriptionDefinition): void {
    const known = this.subscriptions.has(subscription.arn)
    this.subscriptions.set(subscription.arn, subscription)
    const before = this.subscriptionsOf(subscription.topicArn)
    const changed = before.map((one) => (one.arn === subscription.arn ? subscription : one))
    this.byTopic.set(subscription.topicArn, known ? changed : [...before, subscription])
  }

  private removeSubscription(arn: string): void {
    const known = this.subscriptions.get(arn)
    if (known === undefined) return
    this.subscriptions.delete(arn)
    this.byTopic.set(
      known.topicArn,
      this.subscriptionsOf(known.topicArn).filter((subscription) => subscription.arn !== arn),
    )
  }

  private removeTopic(arn: string): void {
    for (const subscription of this.subscriptionsOf(arn)) this.subscriptions.delete(subscription.arn)
    this.byTopic.delete(arn)
    this.topics.delete(arn)
  }
}
