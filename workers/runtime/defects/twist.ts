import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { Consumer, HandledEvent } from '../consume/consumer.ts'

type Answer = Effect | undefined | Error

/** What a defect makes of one event. */
export interface Twist {
  /** In place of what the handler would say: it is not asked. */
  answer?: Effect
  /** Goes to the handler in its place. */
  event?: HandledEvent
  /** What is said in the end. */
  after?: (answer: Answer) => Answer
}

/** The same consumer, with a twist where `of` gives one. */
export function twist(consumer: Consumer, of: (event: HandledEvent) => Twist | undefined): Consumer {
  const { handlers, batch } = consumer
  return {
    ...consumer,
    ...(handlers === undefined
      ? {}
      : {
          handlers: Object.fromEntries(
            Object.entries(handlers).map(([type, handler]) => [
              type,
              async (event) => {
                const [answer] = await twisted([event], of, async ([one]) => [one ? await handler(one) : undefined])
                if (answer instanceof Error) throw answer
                return answer
              },
            ]),
          ),
        }),
    ...(batch === undefined ? {} : { batch: (events) => twisted(events, of, batch) }),
  }
}

async function twisted(
  events: HandledEvent[],
  of: (event: HandledEvent) => Twist | undefined,
  run: (events: HandledEvent[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const twists = events.map((event) => of(event) ?? {})
  const asked = events.flatMap((event, index) => (twists[index]?.answer ? [] : [twists[index]?.event ?? event]))
  const said =
    asked.length === 0
      ? []
      : await run(asked).catch((error: unknown) => {
          const failed = error instanceof Error ? error : new Error(String(error))
          return asked.map(() => failed)
        })
  const next = said.values()
  return twists.map(({ answer, after }) => {
    const own = answer ?? next.next().value
    return after ? after(own) : own
  })
}
