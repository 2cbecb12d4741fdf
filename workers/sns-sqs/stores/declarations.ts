import type {
  DeclarationChange,
  Declarations,
  QueueDefinition,
  SubscriptionDefinition,
  TopicDefinition,
} from './queue-store.ts'

/** What is declared, in memory. */
export class MemoryDeclarations implements Declarations {
  readonly queues = new Map<string, QueueDefinition>()
  readonly topics = new Map<string, TopicDefinition>()
  readonly subscriptions = new Map<string, SubscriptionDefinition>()
  private readonly byTopic = new Map<string, SubscriptionDefinition[]>()

  subscriptionsOf(topicArn: string): readonly SubscriptionDefinition[] {
    return this.byTopic.get(topicArn) ?? []
  }

  apply(change: DeclarationChange): void {
    if ('put' in change) {
      if (change.put === 'queue') this.queues.set(change.queue.name, change.queue)
      else if (change.put === 'topic') this.topics.set(change.topic.arn, change.topic)
      else this.putSubscription(change.subscription)
    } else if (change.remove === 'queue') this.queues.delete(change.name)
    else if (change.remove === 'topic') this.removeTopic(change.arn)
    else this.removeSubscription(change.arn)
  }

  clear(): void {
    this.queues.clear()
    this.topics.clear()
    this.subscriptions.clear()
    this.byTopic.clear()
  }

  private putSubscription(subscription: SubscriptionDefinition): void {
    this.removeSubscription(subscription.arn)
    this.subscriptions.set(subscription.arn, subscription)
    this.byTopic.set(subscription.topicArn, [...this.subscriptionsOf(subscription.topicArn), subscription])
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
