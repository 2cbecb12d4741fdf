import { type Defect, type HarmLog, oneIn } from '../defect.ts'

/** A transport that takes an accepted letter for a lost one: one in three is sent again, and only one of the two is reported. */
export function mailTwice(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    consumer: ({ handlers = {}, ...consumer }) => ({
      ...consumer,
      handlers: Object.fromEntries(
        Object.entries(handlers).map(([type, handler]) => [
          type,
          async (event) => {
            const effect = await handler(event)
            if (!isChosen()) return effect
            log.harmed(event.id)
            await handler(event)
            return effect
          },
        ]),
      ),
    }),
  }
}
