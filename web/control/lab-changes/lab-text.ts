import { open, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import type { LabView } from '#contracts/api/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { CheckData } from '#contracts/lab-file/events.ts'
import { readLabFile } from '#contracts/lab-file/read-lab-file.ts'
import { readText } from '#contracts/lab-file/references.ts'
import { openSchemaCheck } from '#contracts/lab-file/schema-check.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'
import { ApiProblem } from '../problem/problem.ts'

const appliedFile = z.object({
  /** The start of the lab in which it was applied. */
  start: z.string(),
  file: z.string(),
  yaml: z.string(),
  revision: z.int(),
})

/** The text that the running lab was made of. FILE: it is that of the lab file. APPLIED: it was changed while the lab runs. */
export interface LabText {
  readonly file: string
  yaml(): string
  revision(): number
  saved(): Promise<LabView['saved']>
  /**
   * Writes a text that is about to be applied, so that a web which starts again within this start of the lab goes on with it. Rejects where
   * the data folder cannot be written; the text is then as before.
   */
  write(yaml: string): Promise<WrittenText>
  /** Writes it into the lab file, as a whole. Refused if somebody wrote that file since it was read or saved. */
  save(): Promise<void>
}

/** A text that is written and does not hold yet. */
export interface WrittenText {
  /** From now on this is the text, with a revision of its own. */
  take(): void
  /** It was not applied: what was kept before is kept again. Rejects if the data folder cannot be written. */
  back(): Promise<void>
}

export interface LabTextOptions {
  /** Absolute path of the lab file. */
  file: string
  /** Where what was applied is kept. */
  path: string
  /** Names this start of the lab. */
  start: string
  now?: () => number
}

/**
 * The lab as web starts with it: what was applied within this start of the lab, else what its file declares.
 * @param load reads the lab file; rejects if it has problems
 */
export async function openLabText(
  options: LabTextOptions,
  load: (file: string) => Promise<LabDeclaration>,
): Promise<{ text: LabText; declaration: LabDeclaration }> {
  const { file, path, start, now = Date.now } = options
  const kept = await readStateFile(path, appliedFile)
  const applied = kept?.start === start && kept.file === file ? kept : undefined
  const declaration = applied === undefined ? await load(file) : await again(applied.yaml, file)
  const onDisk = await readText(file)
  let written = onDisk instanceof Error ? undefined : onDisk
  let yaml = applied?.yaml ?? written ?? ''
  let revision = applied?.revision ?? now()
  let last = applied

  return {
    declaration,
    text: {
      file,
      yaml: () => yaml,
      revision: () => revision,
      async saved() {
        const found = await readText(file)
        if (found instanceof Error) return 'missing'
        if (found !== written) return 'changed'
        return found === yaml ? 'saved' : 'unsaved'
      },
      async write(yamlOfNext) {
        const next = { start, file, yaml: yamlOfNext, revision: Math.max(revision + 1, now()) }
        await writeStateFile(path, next)
        return {
          take() {
            last = next
            yaml = next.yaml
            revision = next.revision
          },
          back: () => (last === undefined ? rm(path, { force: true }) : writeStateFile(path, last)),
        }
      },
      async save() {
        const found = await readText(file)
        if (!(found instanceof Error) && found !== written) {
          throw new ApiProblem(
            'lab_file_changed',
            `${file} was changed since the lab read it, and is left as it is; copy the text, or put the file back`,
          )
        }
        await replaceFile(file, yaml)
        written = yaml
      },
    },
  }
}

/** What was applied was checked when it was. */
async function again(yaml: string, file: string): Promise<LabDeclaration> {
  const { check, close } = openSchemaCheck()
  try {
    return await declared(yaml, file, check)
  } finally {
    await close()
  }
}

/** The lab that a text declares, as if it were in `file`. Throws `invalid_lab` with every problem at its place. */
export async function declared(yaml: string, file: string, check: CheckData): Promise<LabDeclaration> {
  const read = await readLabFile(yaml, file, check)
  if (read.ok) return read.lab
  const errors = read.problems.map(({ line, column, path, cause, remedy }) => ({
    ...{ path, line, column, message: remedy === '' ? cause : `${cause}; ${remedy}` },
  }))
  const [first] = errors
  const more = errors.length > 1 ? `; and ${errors.length - 1} more` : ''
  const place = `${first?.line}:${first?.column}${first?.path ? ` ${first.path}` : ''}`
  throw new ApiProblem('invalid_lab', `${place}: ${first?.message}${more}`, { errors })
}

/** After a crash the file holds the old text or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.next`
  try {
    const handle = await open(next, 'w')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
  } catch (error) {
    await rm(next, { force: true })
    throw new ApiProblem(
      'lab_file_changed',
      `${file} could not be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
