import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScenarioItem } from '#contracts/api/run.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'

/** The scenarios of a folder, in the order of their names. Files that are none are left out. */
export async function scenariosIn(folder: string): Promise<ScenarioItem[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort()
  const items = await Promise.all(names.map(async (name) => itemOf(await readFile(join(folder, name), 'utf8'))))
  return items.flat()
}

function itemOf(text: string): ScenarioItem[] {
  const { scenario } = readScenario(text)
  if (!scenario) return []
  const { metadata, broker, phases } = scenario.file
  const { name, title, description, tags = [] } = metadata
  return [
    {
      ...{ name, tags, brokers: [broker].flat(), text },
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      durationMs: phases.reduce((sum, { duration = 0 }) => sum + duration, 0),
    },
  ]
}
