import { z } from 'zod'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** A fault as the simulator of SNS and SQS has it in force. */
export interface SimulatedFault {
  id: string
  hits: number
  /** When it was put in force; epoch milliseconds. */
  since: number
}

/** The simulator's own faults. What cannot be done is rejected with a sentence; `SimulatorGone`: nobody listens there. */
export interface SimulatorFaults {
  /** Whether the lab knows where a simulator of that broker answers. */
  able(broker: BrokerName): boolean
  /** Puts a fault in force, in the place of one of its id. */
  inject(broker: BrokerName, fault: Record<string, unknown> & { id: string }): Promise<void>
  /** Done also if it is in force no more. */
  heal(broker: BrokerName, id: string): Promise<void>
  list(broker: BrokerName): Promise<SimulatedFault[]>
}

/** Its process has ended, and with it what was in force. */
export class SimulatorGone extends Error {
  override readonly name = 'SimulatorGone'
}

const answerMs = 2_000
const listed = z.object({ faults: z.array(z.object({ id: z.string(), hits: z.int(), since: z.number() })) })

/** By HTTP, where the broker's address says. `urlOf`: undefined if the broker has no address of the lab's, as AWS itself. */
export function simulatorFaultLink(urlOf: (broker: BrokerName) => string | undefined): SimulatorFaults {
  async function ask(broker: BrokerName, method: string, path: string, body?: object): Promise<unknown> {
    const base = urlOf(broker)
    if (base === undefined) throw new Error(`${broker} is not served by the simulator`)
    const answer = await fetch(new URL(`/_faultline/faults${path}`, base), {
      method,
      signal: AbortSignal.timeout(answerMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      const { cause } = error as { cause?: { code?: string } }
      if (cause?.code === 'ECONNREFUSED') throw new SimulatorGone(`nobody listens at ${base}`)
      throw new Error(`${base} does not answer${cause?.code === undefined ? '' : ` (${cause.code})`}`)
    })
    const answered: unknown = await answer.json().catch(() => undefined)
    if (answer.ok || (method === 'DELETE' && answer.status === 404)) return answered
    const { error } = Object(answered)
    throw new Error(typeof error === 'string' ? error : `${base} answers ${answer.status}: it is not the simulator`)
  }
  return {
    able: (broker) => urlOf(broker) !== undefined,
    inject: async (broker, fault) => void (await ask(broker, 'POST', '', fault)),
    heal: async (broker, id) => void (await ask(broker, 'DELETE', `/${id}`)),
    list: async (broker) => listed.parse(await ask(broker, 'GET', '')).faults,
  }
}
