import { readFileSync } from 'node:fs'
import type { Stack } from '../../test/compose/stack.ts'

/**
 * The command of the README's table of containers that begins with `start`, unchanged but for this stack's port and
 * container names.
 */
export function readmeCommand(start: string, stack: Stack): string {
  const table = readFileSync('README.md', 'utf8').split('## In containers')[1]?.split('\n## ')[0] ?? ''
  const commands = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, command]) => command ?? '')
  const found = commands.filter((command) => command.startsWith(start))
  if (found.length !== 1) throw new Error(`README.md has ${found.length} commands that begin with "${start}", not one`)
  return String(found[0])
    .replace('http://localhost:3000', stack.url)
    .replace(/^docker logs (\S+)/, (_, name: string) => `docker logs ${stack.nameOf(name)}`)
}
