import type { LabDeclaration } from './lab-declaration.ts'
import { LabFileInvalid } from './lab-file/problem.ts'
import { readLabFile } from './lab-file/read-lab-file.ts'
import { readText } from './lab-file/references.ts'
import { openSchemaCheck } from './lab-file/schema-check.ts'

/**
 * Reads a lab file; entry points call it once and hand the lab on as a value. Rejects with `LabFileInvalid`, whose message lists every
 * problem of the file.
 * @param file absolute path
 */
export async function loadLab(file: string): Promise<LabDeclaration> {
  const text = await readText(file)
  if (text instanceof Error) throw new Error(`The lab file ${file} ${text.message}`)
  const { check, close } = openSchemaCheck()
  try {
    const read = await readLabFile(text, file, check)
    if (!read.ok) throw new LabFileInvalid(file, read.problems)
    return read.lab
  } finally {
    await close()
  }
}
