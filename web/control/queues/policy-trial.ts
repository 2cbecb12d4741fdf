import type { Journey } from '#contracts/api/journey.ts'
import type { PolicyTrialInput, PolicyTrialResult } from '#contracts/api/queues/explanation.ts'
import { ApiProblem } from '../problem/problem.ts'
import { labPublication } from './lab-message.ts'
import type { Overview, SimulatorLook } from './simulator-look.ts'

/** Messages that a policy is tried on, and characters of them all together. */
export const triedMessages = 500
const triedCharacters = 2_097_152
const shownIds = 5

/** Tries a policy on the newest messages of the lab that were published to the topic of a subscription. Rejects with `unknown_queue`. */
export async function runPolicyTrial(
  input: PolicyTrialInput,
  { simulator, overview }: { simulator: SimulatorLook; overview: Overview },
  newest: (topic: string, limit: number) => Journey[],
): Promise<PolicyTrialResult> {
  const subscription = overview.subscriptions.find(({ arn }) => arn === input.subscriptionArn)
  if (subscription === undefined) throw new ApiProblem('unknown_queue', `nothing has the ARN ${input.subscriptionArn}`)
  const topic = subscription.topicArn.slice(subscription.topicArn.lastIndexOf(':') + 1)
  let characters = 0
  const journeys = newest(topic, triedMessages).filter(({ raw }) => {
    characters += raw.length
    return characters <= triedCharacters
  })
  const verdicts = await simulator.try({ ...input, messages: journeys.map(labPublication) })
  const where = (wanted: { now: boolean; tried: boolean }) => {
    const found = journeys.filter((_, index) => {
      const verdict = verdicts[index]
      return verdict?.now === wanted.now && verdict.tried === wanted.tried
    })
    return { count: found.length, ids: found.slice(0, shownIds).map(({ id }) => id) }
  }
  return {
    topic,
    judged: journeys.length,
    passNow: verdicts.filter(({ now }) => now).length,
    passThen: verdicts.filter(({ tried }) => tried).length,
    gained: where({ now: false, tried: true }),
    lost: where({ now: true, tried: false }),
  }
}
