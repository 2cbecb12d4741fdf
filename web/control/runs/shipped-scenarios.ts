import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ScenarioItem } from '#contracts/api/run.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { problemInWords } from '#contracts/yaml-document/file-problem.ts'

/**
 * The scenarios of a folder, in the order of their files' names. A file that cannot be read, or is no scenario, is listed under the name of
 * the file with its first problem, and hides none of the others. Never rejects.
 */
export async function scenariosIn(folder: string): Promise<ScenarioItem[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort()
  return Promise.all(names.map((name) => itemOf(join(folder, name))))
}

async function itemOf(path: string): Promise<ScenarioItem> {
  let text = ''
  try {
    text = await readFile(path, 'utf8')
    const { scenario, problems } = readScenario(text)
    if (!scenario) return broken(path, text, problems[0] ? problemInWords(problems[0]) : 'it is not a scenario')
    const { metadata, broker, phases } = scenario.file
    const { name, title, description, tags = [] } = metadata
    return {
      ...{ name, tags, brokers: [broker].flat(), text },
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      durationMs: phases.reduce((sum, { duration = 0 }) => sum + duration, 0),
    }
  } catch (error) {
    return broken(path, text, error instanceof Error ? error.message : String(error))
  }
}

const broken = (path: string, text: string, problem: string): ScenarioItem => ({
  ...{ name: basename(path, '.yaml'), tags: [], brokers: [], durationMs: 0, text, problem },
})
