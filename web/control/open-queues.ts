import { deadLetterQueueOf } from '#contracts/api/topology.ts'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import type { Observatory } from './observatory.ts'
import type { openLab } from './open-lab.ts'
import type { AwsAccess } from './queues/aws-clients.ts'
import { createQueueService, type QueueService } from './queues/queue-service.ts'

interface Parts {
  declared: Awaited<ReturnType<typeof openLab>>
  observatory: Observatory
  brokerSettings: BrokerSettings
}

/** The queues of the broker that the lab runs on, where it has any. */
export function openQueues({ declared, observatory, brokerSettings }: Parts): QueueService {
  const { broker, currentLab, holder, events } = declared
  return createQueueService({
    broker: broker.name,
    accessOf(name) {
      const { label, system } = brokerOf(name)
      if (system !== 'aws_sqs') return `${label} keeps a log of partitions and has no queues: they are in the topology`
      return brokerOptionsOf(brokerSettings, name) as AwsAccess
    },
    lab: () => ({
      queues: new Set(
        holder
          .declaration()
          .services.filter(({ body }) => body.kind !== 'source')
          .flatMap(({ name }) => [name, deadLetterQueueOf(name)]),
      ),
      topics: new Set(currentLab.lab().eventTypes.map(({ topic }) => topic)),
    }),
    journey: observatory.journey,
    newest: (topic, limit) =>
      observatory.search({ topic, limit }).items.flatMap(({ id }) => {
        const found = observatory.journey(id)
        return found === undefined || found === 'dropped' ? [] : [found]
      }),
    onChanged: (message, level, subject) => void events.add({ kind: 'change', level, message, subject }),
  })
}
