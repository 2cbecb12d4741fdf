import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { ApiProblem } from '../problem/problem.ts'
import { type NamedPlace, placeOfArn } from './arns.ts'
import { type AwsAccess, type AwsClientsByPlace, openAwsClients } from './aws-clients.ts'
import { awsProblem } from './aws-refusal.ts'
import type { Overview } from './simulator-look.ts'
import { NotTheSimulator, type SimulatorLook, simulatorLook } from './simulator-look.ts'

/** Where a broker's queues are, and what may be done there. */
export interface QueuePlace {
  broker: BrokerName
  region: string
  /** As a person reads it. */
  at: string
  clients: AwsClientsByPlace
  /** Absent if another SQS answers: only what changes nothing is asked there. */
  simulator?: SimulatorLook
  /** What the simulator said just now. */
  overview?: Overview
  reason?: string
}

/** How the broker of now is reached; a string says why it has no queues. */
export type AccessOf = (broker: BrokerName) => AwsAccess | string

/** Finds out what answers for the broker of now, and remembers its clients. */
export function openQueuePlaces(broker: () => BrokerName, accessOf: AccessOf) {
  const clients = new Map<string, AwsClientsByPlace>()
  const clientsOf = (access: AwsAccess, isSimulator: boolean): AwsClientsByPlace => {
    const key = `${access.endpoint ?? ''} ${isSimulator}`
    const known = clients.get(key) ?? openAwsClients(access, isSimulator)
    clients.set(key, known)
    return known
  }

  /** A string: why there are no queues. Rejects with `broker_down`. */
  async function find(): Promise<QueuePlace | string> {
    const name = broker()
    const access = accessOf(name)
    if (typeof access === 'string') return access
    const { endpoint, region } = access
    if (endpoint === undefined || isAws(endpoint)) {
      const at = endpoint ?? `AWS, ${region}`
      const reason = 'this is AWS itself: a peek would count as a receive, and a change would be one of your account'
      return { broker: name, region, at, reason, clients: clientsOf(access, false) }
    }
    const simulator = simulatorLook(endpoint)
    try {
      const overview = await simulator.overview()
      return { broker: name, region, at: endpoint, simulator, overview, clients: clientsOf(access, true) }
    } catch (error) {
      if (!(error instanceof NotTheSimulator)) throw error
      const reason = `${error.message}: a peek would count as a receive, and what a change does there is not known`
      return { broker: name, region, at: endpoint, reason, clients: clientsOf(access, false) }
    }
  }

  return {
    find,
    /** For what changes something, or needs the simulator's own look. Rejects with `queues_not_here` and `queues_read_only`. */
    async simulator(): Promise<QueuePlace & { simulator: SimulatorLook; overview: Overview }> {
      const place = await find()
      if (typeof place === 'string') throw new ApiProblem('queues_not_here', place)
      const { simulator, overview } = place
      if (simulator === undefined || overview === undefined) {
        throw new ApiProblem('queues_read_only', `${place.at} is only read here: ${place.reason}`)
      }
      return { ...place, simulator, overview }
    },
    close(): void {
      for (const one of clients.values()) one.close()
    },
  }
}

const isAws = (endpoint: string): boolean => /(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname)

/** What an ARN names, if it is one of those kinds. Rejects with `unknown_queue`. */
export function namedIn(arn: string, ...kinds: NamedPlace['kind'][]): NamedPlace {
  const place = placeOfArn(arn)
  if (place !== undefined && kinds.includes(place.kind)) return place
  throw new ApiProblem('unknown_queue', `"${arn.slice(0, 200)}" is not an ARN of a ${kinds.join(' or a ')}`)
}

/** The URL of a queue, asked from the service that answers there. */
export async function queueUrlOf({ clients, at }: QueuePlace, arn: string): Promise<string> {
  const { name, account } = namedIn(arn, 'queue')
  try {
    const command = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account })
    return (await clients.of(arn).sqs.send(command)).QueueUrl ?? ''
  } catch (error) {
    throw awsProblem(error, at)
  }
}
