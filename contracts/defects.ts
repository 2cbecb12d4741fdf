import { z } from 'zod'
import { brokers } from './brokers/broker-list.ts'
import { type BrokerName, brokerName } from './brokers/broker-name.ts'
import { text } from './environment.ts'

/** Where a defect is planted. */
export type DefectPlace = 'producer' | 'consumer' | 'control plane'

interface DefectDefinition {
  in: DefectPlace
  /** Who has it if nobody else is named; default: the usual service of the place. */
  service?: string
  /** What the process does wrong. */
  does: string
  /** Where it can exist. */
  brokers: readonly BrokerName[]
}

const everywhere = brokerName.options
const withReceipts = brokers.filter(({ partitioned }) => !partitioned).map(({ name }) => name)
const withPartitions = brokers.filter(({ partitioned }) => partitioned).map(({ name }) => name)

/**
 * Mistakes that a worker can be started with, to see that the ledger finds them: a checker that cannot fail proves nothing.
 * docs/defects.md says which fault provokes each and what it is found as.
 */
export const defects = {
  'commit-before-handling': {
    in: 'consumer',
    does: 'tells the broker that messages are done, and hands them to its handlers only then',
    brokers: everywhere,
  },
  'ack-while-running': {
    in: 'consumer',
    does: 'tells the broker that a message is done while its handler still runs, where that takes longer than it waits',
    brokers: everywhere,
  },
  'delete-receipt-early': {
    in: 'consumer',
    does: 'deletes the receipts of messages while their handlers still run',
    brokers: withReceipts,
  },
  'swallow-error': {
    in: 'consumer',
    does: 'swallows the error of a handler and tells the broker that the message is done',
    brokers: everywhere,
  },
  'drop-on-rebalance': {
    in: 'consumer',
    does: 'drops one in three of the messages that come after a rebalance: they are committed and never handled',
    brokers: withPartitions,
  },
  'commit-past-end': {
    in: 'consumer',
    does: 'commits offsets that lie beyond the end of the log',
    brokers: withPartitions,
  },
  'lose-last-batch': {
    in: 'consumer',
    does: 'tells the broker at its shutdown that what its handlers still have in flight is done',
    brokers: everywhere,
  },
  'skip-inbox': {
    in: 'consumer',
    does: 'does not look into the inbox, and so acts again on a message that is delivered again',
    brokers: everywhere,
  },
  'retry-early': {
    in: 'consumer',
    does: 'tells everyone when the next attempt is due, and asks the broker for it at once',
    brokers: everywhere,
  },
  'dead-letter-delivered': {
    in: 'consumer',
    does: 'takes a message that it finds handled already for one that cannot be handled, and dead-letters it',
    brokers: everywhere,
  },
  'deliver-phantom': {
    in: 'consumer',
    does: 'hands its handlers, beside one in three messages, another that nobody published',
    brokers: everywhere,
  },
  'telemetry-twice': {
    in: 'consumer',
    does: 'reports what became of its deliveries twice',
    brokers: everywhere,
  },
  'effect-not-made': {
    in: 'consumer',
    does: 'reports an effect for one in three messages without making it',
    brokers: everywhere,
  },
  'ack-unsent': {
    in: 'producer',
    does: 'reports a publish that the broker did not take as acknowledged',
    brokers: everywhere,
  },
  'skip-number': {
    in: 'producer',
    does: 'numbers one in three messages and drops it: it is neither sent nor reported',
    brokers: everywhere,
  },
  'burst-lies': {
    in: 'producer',
    does: 'counts messages at the end of a burst that it never made',
    brokers: everywhere,
  },
  'reuse-epoch': {
    in: 'producer',
    does: 'publishes under the epoch of the process before it, and so under identities that are taken',
    brokers: everywhere,
  },
  'wrong-recipient': {
    in: 'consumer',
    service: 'consumer-email',
    does: 'sends one in three letters to somebody whom the event does not name',
    brokers: everywhere,
  },
  'swap-columns': {
    in: 'consumer',
    does: 'writes quantity and price of one order in three into the column of the other',
    brokers: everywhere,
  },
  'drop-child-rows': {
    in: 'consumer',
    does: 'leaves the last item of one order in three out',
    brokers: everywhere,
  },
  'alter-body': {
    in: 'producer',
    does: 'sends another body than it reports for one in three messages',
    brokers: everywhere,
  },
  'mail-twice': {
    in: 'consumer',
    service: 'consumer-email',
    does: 'hands one in three letters to its mail server twice, as a transport that tries again, and reports one',
    brokers: everywhere,
  },
  'late-update': {
    in: 'consumer',
    does: 'lets a retry overwrite what a newer event of the same key wrote',
    brokers: everywhere,
  },
  'child-without-cause-ack': {
    in: 'consumer',
    service: 'payment',
    does: 'settles a message while the broker does not have yet what its handler sent',
    brokers: everywhere,
  },
  'child-twice': {
    in: 'consumer',
    service: 'payment',
    does: 'publishes what one in three messages causes twice',
    brokers: everywhere,
  },
  'reply-lost': {
    in: 'consumer',
    service: 'payment',
    does: 'forgets what the handlers of one in three messages sent, and settles the messages as done',
    brokers: everywhere,
  },
  'commit-before-reply': {
    in: 'consumer',
    service: 'payment',
    does: 'settles a message first, and publishes what its handler sent when the broker has confirmed that',
    brokers: everywhere,
  },
  'wrong-cause': {
    in: 'consumer',
    service: 'payment',
    does: 'names the message that was handled before as the cause of what one in three messages causes',
    brokers: everywhere,
  },
  'redrive-to-all': {
    in: 'control plane',
    does: 'sends a redriven dead letter to its topic too, and so to every group',
    brokers: everywhere,
  },
} as const satisfies Record<string, DefectDefinition>
export type DefectName = keyof typeof defects
export const defectNames = Object.keys(defects) as [DefectName, ...DefectName[]]

/** What has a defect where `FAULTLINE_DEFECT` names no service. */
const defaultService: Record<DefectPlace, string> = {
  producer: 'producer',
  consumer: 'consumer-db',
  'control plane': 'web',
}

/**
 * What every process of a lab reads of it. `FAULTLINE_DEFECT` is `name` or `name@service`, and counts only with
 * `FAULTLINE_DEFECT_ALLOWED=1`; `FAULTLINE_DEFECT_LOG` is the file in which the defect records each message that it harms.
 */
export const defectEnvironment = { FAULTLINE_DEFECT: text, FAULTLINE_DEFECT_ALLOWED: text, FAULTLINE_DEFECT_LOG: text }

/** A defect, who has it, and the file to which it writes whom it harmed. */
export interface PlantedDefect {
  name: DefectName
  service: string
  log: string | undefined
}

/** Reads the variables above. Throws one sentence where the defect is not known or the lab was not started for one. */
export function plantedDefectOf(
  env: { [Name in keyof typeof defectEnvironment]?: string | undefined },
): PlantedDefect | undefined {
  const { FAULTLINE_DEFECT: planted, FAULTLINE_DEFECT_ALLOWED: allowed, FAULTLINE_DEFECT_LOG: log } = env
  if (planted === undefined || planted === '') return undefined
  if (allowed !== '1')
    throw new Error(
      `FAULTLINE_DEFECT=${planted} plants a mistake in a worker, and this lab was not started for that: ` +
        'start it with FAULTLINE_DEFECT_ALLOWED=1, or unset FAULTLINE_DEFECT',
    )
  const [given = '', service] = planted.split('@')
  const name = defectNames.find((one) => one === given)
  if (name === undefined || service === '')
    throw new Error(
      `FAULTLINE_DEFECT=${planted} is not known: set it to one of ${defectNames.join(', ')}, or to NAME@SERVICE`,
    )
  const { in: place, service: usual }: DefectDefinition = defects[name]
  return { name, service: service ?? usual ?? defaultService[place], log }
}

/** A line of the log: JSON, one a line. */
export const harm = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  instance: z.string(),
  defect: z.enum(defectNames),
  id: z.string(),
  /** `harmed`: wrong from now on. `mended`: it came right after all. */
  what: z.enum(['harmed', 'mended']),
})
export type Harm = z.infer<typeof harm>
