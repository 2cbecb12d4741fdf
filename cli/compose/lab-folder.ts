import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { asyncApiMessage } from '#contracts/lab-file/async-api-message.ts'
import { referencesFrom } from '#contracts/lab-file/references.ts'
import { readLabYaml } from '#contracts/lab-file/yaml-source.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'

/** The innermost folder that has a lab file and everything that it names, also by way of other files: it is mounted whole. */
export async function folderOf(lab: LabDeclaration): Promise<string> {
  const folder = dirname(lab.file)
  const { value } = readLabYaml(await readFile(lab.file, 'utf8'))
  const events = isSchemaObject(value) && isSchemaObject(value.events) ? Object.values(value.events) : []
  const named = (key: string): string[] =>
    events.flatMap((event) => (isSchemaObject(event) && typeof event[key] === 'string' ? [event[key]] : []))
  const files = [...named('schema'), ...named('example'), ...(await filesOf(named('asyncapi'), folder))]
  const folders = [
    ...files
      .map((path) => path.split('#')[0] ?? '')
      .map((path) => dirname(isAbsolute(path) ? path : join(folder, path))),
    ...lab.services.flatMap(({ body }) => (body.kind === 'program' ? [body.directory] : [])),
  ]
  return folders.reduce(common, folder)
}

/** The files that are read for these messages of AsyncAPI documents: their own, and those that they refer to. */
async function filesOf(messages: readonly string[], folder: string): Promise<string[]> {
  const read = referencesFrom(folder)
  const opened: string[] = []
  for (const message of messages)
    await asyncApiMessage(message, (reference) => {
      opened.push(reference)
      return read(reference)
    })
  return opened
}

function common(one: string, other: string): string {
  let folder = one
  while (relative(folder, other).split('/')[0] === '..') folder = dirname(folder)
  return folder
}
