import { access, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import { maxFileLength } from '#contracts/yaml-document/read-yaml.ts'
import { CommandError, exitCodes } from './exit-codes.ts'
import { scenariosFolder } from './package-root.ts'
import { readInput } from './read-input.ts'

/** A scenario as a user named it. */
export interface ScenarioSource {
  /** Path of the file, for messages. */
  file: string
  text: string
}

/** Reads a file, or the scenario that is shipped under this name. Rejects with a sentence if there is neither. */
export async function readSource(given: string): Promise<ScenarioSource> {
  if (/^[a-z0-9][a-z0-9-]*$/.test(given)) {
    const file = join(scenariosFolder, `${given}.yaml`)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) return { file, text }
  }
  const isThere = await access(given).then(
    () => true,
    () => false,
  )
  // Beyond the bound of a scenario in characters, which says how long the file is and where to cut.
  if (isThere) return { file: given, text: await readInput(given, { most: maxFileLength * 8 }) }
  const shipped = (await shippedFiles()).map((file) => basename(file, '.yaml'))
  const reason = 'there is no such file, and no scenario of this name'
  throw new CommandError(`${given}: ${reason}; ${nameRemedy(given, shipped)}`, exitCodes.invalid)
}

/** Paths of the scenarios that are shipped, by name. */
export async function shippedFiles(): Promise<string[]> {
  const names = await readdir(scenariosFolder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(scenariosFolder, name))
}
