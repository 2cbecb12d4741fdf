import { type Context, createContext, Script } from 'node:vm'

/** A text of a few dozen characters is matched in microseconds; a pattern that needs this long for one backtracks. */
const probeMs = 50
/** So much of it, over several tries, must have been spent by this process: on a busy machine time passes without it. */
const spentMs = 60
const tries = 20
const probe = new Script('new RegExp(pattern, "u").test(text)')

/**
 * Whether a regular expression backtracks exponentially, found by trying: runs of each character that the pattern
 * names, ended by one that it does not, under a deadline that V8 keeps also inside its matcher. A pattern that does not
 * compile is not slow; the schema's compiler reports it.
 */
export function isSlowPattern(pattern: string): boolean {
  const sandbox = createContext({ pattern, text: '' })
  return probes(pattern).some((text) => {
    sandbox.text = text
    const before = process.cpuUsage()
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (!timesOut(sandbox)) return false
      const { user, system } = process.cpuUsage(before)
      if (user + system >= spentMs * 1_000) return true
    }
    return true
  })
}

function timesOut(sandbox: Context): boolean {
  try {
    probe.runInContext(sandbox, { timeout: probeMs })
    return false
  } catch (error) {
    // Thrown in the sandbox's realm: it is no instance of this realm's Error.
    return (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  }
}

function probes(pattern: string): string[] {
  const literals = [...new Set(pattern.replace(/\\[a-zA-Z]/g, '').match(/[\p{L}\p{N}_@:., -]/gu) ?? [])].slice(0, 12)
  const characters = [...new Set([...literals, 'a', 'A', '0', ' ', '_'])]
  const runs = characters.map((character) => `${character.repeat(36)}\u0001`)
  const pairs = literals
    .slice(0, 4)
    .flatMap((left) => literals.slice(0, 4).map((right) => `${(left + right).repeat(20)}\u0001`))
  return [...runs, ...pairs]
}
