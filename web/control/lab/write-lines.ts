import { rename, writeFile } from 'node:fs/promises'

/** Replaces a file of JSON lines as a whole. */
export async function writeLines(path: string, values: readonly unknown[]): Promise<void> {
  await writeFile(`${path}.next`, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
  await rename(`${path}.next`, path)
}
