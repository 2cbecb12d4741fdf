import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { readLabYaml } from '#contracts/lab-file/yaml-source.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'

/** The innermost folder that has a lab file and everything that it names: it is mounted whole. */
export async function folderOf(lab: LabDeclaration): Promise<string> {
  const folder = dirname(lab.file)
  const { value } = readLabYaml(await readFile(lab.file, 'utf8'))
  const events = isSchemaObject(value) && isSchemaObject(value.events) ? Object.values(value.events) : []
  const files = events.flatMap((event) =>
    isSchemaObject(event)
      ? [event.schema, event.example, event.asyncapi].filter((path): path is string => typeof path === 'string')
      : [],
  )
  const folders = [
    ...files
      .map((path) => path.split('#')[0] ?? '')
      .map((path) => dirname(isAbsolute(path) ? path : join(folder, path))),
    ...lab.services.flatMap(({ body }) => (body.kind === 'program' ? [body.directory] : [])),
  ]
  return folders.reduce(common, folder)
}

function common(one: string, other: string): string {
  let folder = one
  while (relative(folder, other).split('/')[0] === '..') folder = dirname(folder)
  return folder
}
