import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { asyncApiMessage } from '#contracts/lab-file/async-api-message.ts'
import { referencesFrom } from '#contracts/lab-file/references.ts'
import { readLabYaml } from '#contracts/lab-file/yaml-source.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** A folder that is mounted whole. */
export interface LabFolder {
  folder: string
  /** The path that the lab names for which it is not the folder of the lab file; undefined if it is that. */
  widenedBy: string | undefined
}

/**
 * The innermost folder that has a lab file and everything that it names, also by way of other files. Throws a `CommandError` where it has
 * the whole of the machine or of the user's home folder.
 */
export async function folderOf(lab: LabDeclaration, home: string): Promise<LabFolder> {
  const folder = dirname(lab.file)
  const { value } = readLabYaml(await readFile(lab.file, 'utf8'))
  const events = isSchemaObject(value) && isSchemaObject(value.events) ? Object.values(value.events) : []
  const named = (key: string): string[] =>
    events.flatMap((event) => (isSchemaObject(event) && typeof event[key] === 'string' ? [event[key]] : []))
  const files = [...named('schema'), ...named('example'), ...(await filesOf(named('asyncapi'), folder))]
  const places = [
    ...files
      .map((path) => path.split('#')[0] ?? '')
      .map((path) => (isAbsolute(path) ? path : join(folder, path)))
      .map((path) => ({ path, within: dirname(path) })),
    ...lab.services.flatMap(({ body }) =>
      body.kind === 'program' ? [{ path: body.directory, within: body.directory }] : [],
    ),
  ]
  const found = places.reduce<LabFolder>(
    (so, { path, within }) => {
      const next = common(so.folder, within)
      return next === so.folder ? so : { folder: next, widenedBy: path }
    },
    { folder, widenedBy: undefined },
  )
  if (found.folder === dirname(found.folder) || common(found.folder, home) === found.folder)
    throw new CommandError(tooWide(lab.file, found), exitCodes.invalid)
  return found
}

const tooWide = (file: string, { folder, widenedBy }: LabFolder): string =>
  widenedBy === undefined
    ? `${file} is in ${folder}, which would be mounted into web with everything in it: move the lab file, and what it names, into a folder of its own`
    : `${file} names ${widenedBy}, so ${folder} would be mounted into web with everything in it: put ${widenedBy} into the folder of the lab file and name it there`

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
