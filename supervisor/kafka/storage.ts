import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runToEnd } from '../process/run-to-end.ts'
import { type KafkaClasses, kafkaCommand } from './kafka-command.ts'

export interface StorageOptions {
  /** `kafka/config/server.properties`. */
  template: string
  /** Where this broker keeps its own. */
  folder: string
  port: number
  controllerPort: number
  /** Further settings, `name=value`; they win. */
  settings?: readonly string[]
  /** Further arguments of the formatting, such as `--add-scram`. */
  formatting?: readonly string[]
}

/** A broker's settings: those of the repository, and where it listens and keeps its messages. */
function propertiesOf(template: string, dataFolder: string, { port, controllerPort, settings = [] }: StorageOptions) {
  const own = [
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    // In a properties file a backslash escapes.
    `log.dirs=${dataFolder.replaceAll('\\', '\\\\')}`,
  ]
  return `${template}\n# Of this lab; written at each start.\n${[...own, ...settings].join('\n')}\n`
}

/**
 * Writes the settings and, the first time, formats the data folder; gives the path of the settings. Formatting happens
 * in a folder beside it that is renamed when it is whole, so a start that was cut short leaves nothing half-made.
 */
export async function ensureStorage(
  options: StorageOptions,
  classes: KafkaClasses,
  archive: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { folder } = options
  const data = join(folder, 'data')
  const file = join(folder, 'server.properties')
  await mkdir(folder, { recursive: true })
  const template = await readFile(options.template, 'utf8')
  if (!existsSync(join(data, 'meta.properties'))) {
    if (existsSync(data))
      throw new Error(
        `${data} has no meta.properties, so it is not a data folder of Kafka: move it away and start again`,
      )
    const unfinished = `${data}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await writeFile(file, propertiesOf(template, unfinished, options))
    const clusterId = randomBytes(16).toString('base64url')
    // A leading dash would be read as an option.
    const args = ['format', `--cluster-id=${clusterId}`, '-c', file, ...(options.formatting ?? [])]
    const format = kafkaCommand(classes, [...archive], 'kafka.tools.StorageTool', args)
    const { code, said } = await runToEnd(format, folder, signal)
    if (code !== 0) throw new Error(`Kafka could not make its data folder: ${problemIn(said)}`)
    await rename(unfinished, data)
  }
  await writeFile(file, propertiesOf(template, data, options))
  return file
}

/** What it said last of what went wrong. */
function problemIn(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  return (lines.findLast((line) => /Exception|Error|ERROR/.test(line)) ?? lines.at(-1) ?? 'it said nothing').trim()
}
