import { createContext, Script } from 'node:vm'

/** A pattern that needs longer than this for a text of a few dozen characters would stop a worker on a long one. */
const probeMs = 50
const probe = new Script('new RegExp(pattern, "u").test(text)')

/**
 * Whether a regular expression backtracks exponentially, found by trying: runs of each character that the pattern
 * names, ended by one that it does not, under a deadline that V8 keeps also inside its matcher. A pattern that does not
 * compile is not slow; the schema's compiler reports it.
 */
export function isSlowPattern(pattern: string): boolean {
  const sandbox = createContext({ pattern, text: '' })
  for (const text of probes(pattern)) {
    sandbox.text = text
    try {
      probe.runInContext(sandbox, { timeout: probeMs })
    } catch (error) {
      // Thrown in the sandbox's realm: it is no instance of this realm's Error.
      return (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    }
  }
  return false
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
