import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { pointedAt, pointerOfFragment } from '../json-pointer.ts'
import { labFileLimits } from './input.ts'
import { readLabYaml } from './yaml-source.ts'

/** What a reference leads to, or why it leads nowhere; to be read after the place of the reference. */
export type Referenced = { ok: true; value: unknown; document: unknown } | { ok: false; reason: string }

/** Reads what a lab file refers to: `path` or `path#/pointer`, relative to its folder. Each file is read once. */
export type ReadReference = (reference: string) => Promise<Referenced>

export function referencesFrom(folder: string): ReadReference {
  const documents = new Map<string, Promise<Referenced>>()
  return async (reference) => {
    const [path = '', ...fragments] = reference.split('#')
    const pointer = fragments.join('#')
    if (path === '') return { ok: false, reason: 'must begin with the path of a file' }
    const file = isAbsolute(path) ? path : join(folder, path)
    const known = documents.get(file) ?? documentOf(file, path)
    documents.set(file, known)
    const document = await known
    if (!document.ok || pointer === '') return document
    const value = pointedAt(document.value, pointerOfFragment(pointer))
    return value === undefined
      ? { ok: false, reason: `${path} has nothing at ${pointer}` }
      : { ok: true, value, document: document.value }
  }
}

async function documentOf(file: string, shown: string): Promise<Referenced> {
  const text = await readText(file)
  if (text instanceof Error) return { ok: false, reason: `${shown} ${text.message}` }
  const { value, problems } = readLabYaml(text)
  const [first] = problems
  if (first !== undefined) return { ok: false, reason: `${shown}, line ${first.line}: ${first.cause}` }
  return { ok: true, value, document: value }
}

/** The text of a plain file within the bounds of a lab file; else an error with the reason, to be read after its name. */
export async function readText(file: string): Promise<string | Error> {
  try {
    // Looked at first: a pipe that nobody writes to would be waited for.
    const about = await stat(file)
    if (about.isDirectory()) return new Error('is a folder')
    if (!about.isFile()) return new Error('is not a file')
    if (about.size > labFileLimits.bytes) return new Error(`is ${about.size} bytes; at most ${labFileLimits.bytes}`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    return new Error(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there'
  if (code === 'ELOOP') return 'is a link that leads to itself'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this account'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8'
  return `cannot be read: ${message}`
}
