import type { EngineProcess } from './engine-process.ts'
import { skipped } from './skipped.ts'

/** The one that a variable of the environment names, or one of the test's own where it can be had here. */
export interface TestEngine {
  /** What the variable holds. */
  given: string | undefined
  /** For `describe.skipIf(await …)`: why a real one cannot be had here; with CI=true it throws instead. */
  missing(suite: string): Promise<string | undefined>
  /** The same for a suite that empties or kills it, and therefore has one of its own always. */
  ownMissing(suite: string): Promise<string | undefined>
  /** The one that is given, in a test's hand: it cannot be broken from here. */
  notOurs: EngineProcess
}

/** `unavailable`: why none can be started here. */
export function testEngine(name: string, variable: string, unavailable: () => Promise<string | undefined>): TestEngine {
  const given = process.env[variable] || undefined
  const ownMissing = async (suite: string): Promise<string | undefined> => skipped(suite, await unavailable())
  const refuse = (): never => {
    throw new Error(`the ${name} of ${variable} is not ours to break: unset it for this test`)
  }
  return {
    given,
    missing: async (suite) => (given === undefined ? ownMissing(suite) : undefined),
    ownMissing,
    notOurs: {
      kill: async () => refuse(),
      pause: refuse,
      resume: refuse,
      restart: async () => refuse(),
      stop: async () => undefined,
    },
  }
}
