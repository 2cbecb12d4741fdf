import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const child = z.object({ pid: z.int(), began: z.string() })

const content = z.object({
  /** Ports of the inner parts, kept from one start to the next. */
  ports: z.record(z.string(), z.int()),
  /** The running children by name; each leads a process group with its own number. */
  children: z.record(z.string(), child),
})
export type RunFileContent = z.infer<typeof content>

/** `run.json` in the data folder: what the next start must know of this one, even if this one is killed. */
export class RunFile {
  readonly #path: string
  #content: RunFileContent

  constructor(folder: string) {
    this.#path = join(folder, 'run.json')
    this.#content = this.#read()
  }

  #read(): RunFileContent {
    try {
      return content.parse(JSON.parse(readFileSync(this.#path, 'utf8')))
    } catch {
      // Absent, or written by another version: ports are chosen again, and the marks on the processes find the rest.
      return { ports: {}, children: {} }
    }
  }

  get content(): Readonly<RunFileContent> {
    return this.#content
  }

  /** Written before it returns, whole or not at all. */
  update(change: Partial<RunFileContent>): void {
    this.#content = { ...this.#content, ...change }
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(this.#content, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }

  setChild(name: string, identity: z.infer<typeof child> | undefined): void {
    const { [name]: _, ...others } = this.#content.children
    this.update({ children: identity === undefined ? others : { ...others, [name]: identity } })
  }
}
