import type { Defect, HarmLog } from '../defect.ts'
import { twist } from '../twist.ts'

/** `catch (error) {}` around the handler: its failure looks like success without an effect. */
export function swallowError(log: HarmLog): Defect {
  return {
    consumer: (consumer) =>
      twist(consumer, ({ id }) => ({
        after(answer) {
          if (!(answer instanceof Error)) return answer
          log.harmed(id)
          return undefined
        },
      })),
  }
}
