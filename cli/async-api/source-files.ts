import { dirname, relative, resolve } from 'node:path'
import { pointedAt, pointerOfFragment } from '#contracts/json-pointer.ts'
import { readText } from '#contracts/lab-file/references.ts'
import { readLabYaml } from '#contracts/lab-file/yaml-source.ts'
import { isSchemaObject } from '#contracts/schemas/walk-schema.ts'
import type { YamlDocument } from '#contracts/yaml-document/read-yaml.ts'
import type { ImportProblem } from './import-problem.ts'

/** A document, or a file that one refers to. */
export interface SourceFile {
  /** Absolute. */
  path: string
  text: string
  yaml: YamlDocument
}

/** A value, its place after every reference was followed, and the references on the way. */
export interface SourcePlace {
  file: SourceFile
  /** JSON pointer. */
  pointer: string
  value: unknown
  /** Pointers of the references that led here, the first first. */
  via: readonly string[]
}

/** Files that the documents of one import may refer to. */
const mostFiles = 200
const longestChain = 20

/** The files of an import. Each is read once, with all that it refers to; what is wrong with any of them is in `problems`. */
export class SourceFiles {
  readonly problems: ImportProblem[] = []
  readonly #files = new Map<string, SourceFile>()
  readonly #folder: string

  /** @param folder where relative names begin */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Undefined if it cannot be read; `problems` then says why. */
  async read(name: string): Promise<SourceFile | undefined> {
    const path = resolve(this.#folder, name)
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const text = await readText(path)
    if (text instanceof Error) {
      this.#add(path, { line: 1, column: 1, path: '', cause: text.message, remedy: 'name an AsyncAPI document' })
      return undefined
    }
    return this.#take(path, text)
  }

  async #take(path: string, text: string): Promise<SourceFile> {
    const yaml = readLabYaml(text)
    const file = { path, text, yaml }
    this.#files.set(path, file)
    for (const problem of yaml.problems) this.#add(path, problem)
    for (const { at, reference } of referencesIn(yaml.value, [])) {
      const refuse = (cause: string, remedy: string): void => this.#add(path, yaml.problemAt(at, cause, remedy))
      const [name = ''] = reference.split('#')
      if (name === '') continue
      if (URL.canParse(reference)) {
        refuse(`${reference} is not a file`, 'save it beside this document, and refer to that file')
        continue
      }
      const wanted = resolve(dirname(path), decoded(name))
      if (this.#files.has(wanted)) continue
      if (this.#files.size >= mostFiles) {
        refuse(`leads to more than ${mostFiles} files`, 'put them together')
        return file
      }
      const inner = await readText(wanted)
      if (inner instanceof Error) refuse(`${name} ${inner.message}`, 'correct the path, or put the file there')
      else await this.#take(wanted, inner)
    }
    return file
  }

  #add(path: string, problem: Omit<ImportProblem, 'file'>): void {
    this.problems.push({ file: this.shown(path), ...problem })
  }

  /** A path as a person reads it. */
  shown(path: string): string {
    return relative(this.#folder, path)
  }

  /** What is at a pointer of a file, behind the references that are there. */
  follow(from: SourceFile, pointer: string): SourcePlace {
    let at: SourcePlace = { file: from, pointer, value: pointedAt(from.yaml.value, pointer), via: [] }
    for (
      let step = 0;
      step < longestChain && isSchemaObject(at.value) && typeof at.value.$ref === 'string';
      step += 1
    ) {
      const [name = '', next = ''] = at.value.$ref.split('#')
      const file = name === '' ? at.file : this.#files.get(resolve(dirname(at.file.path), decoded(name)))
      if (file === undefined) return at
      const value = pointedAt(file.yaml.value, pointerOfFragment(next))
      at = { file, pointer: next, value, via: [...at.via, at.pointer] }
    }
    return at
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function* referencesIn(value: unknown, at: PropertyKey[]): Generator<{ at: PropertyKey[]; reference: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const path = [...at, Array.isArray(value) ? Number(key) : key]
    if (key === '$ref' && typeof inner === 'string') yield { at: path, reference: inner }
    else yield* referencesIn(inner, path)
  }
}
