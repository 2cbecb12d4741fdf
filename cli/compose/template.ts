import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { packageRoot } from '../package-root.ts'

/** A folder of this machine in a container; in this form `:` is not a separator. */
const mount = z.object({ type: z.literal('bind'), source: z.string(), target: z.string(), read_only: z.boolean() })

const composeService = z.looseObject({
  image: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()]).nullable()).optional(),
  volumes: z.array(z.union([z.string(), mount])).optional(),
  tmpfs: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.unknown()).optional(),
  profiles: z.array(z.string()).optional(),
})
/** A service of a compose file, as far as it is changed here. */
export type ComposeService = z.infer<typeof composeService>

const composeFile = z.object({
  services: z.record(z.string(), composeService),
  volumes: z.record(z.string(), z.unknown()),
})
export type ComposeTemplate = z.infer<typeof composeFile>

/** The compose file of the built-in lab with its anchors resolved: what every lab in containers has is as there. */
export async function readTemplate(): Promise<ComposeTemplate> {
  const text = await readFile(join(packageRoot, 'docker-compose.yml'), 'utf8')
  // Values that anchors share become values of their own.
  return composeFile.parse(JSON.parse(JSON.stringify(parse(text, { merge: true }))))
}

/** A file of this package that goes into the compose file, so that it needs no other. */
export const packaged = (path: string): Promise<string> => readFile(join(packageRoot, path), 'utf8')

/** A folder, as the compose file names it, that a container reads and does not write. */
export const readOnly = (source: string, target: string): z.infer<typeof mount> => ({
  ...{ type: 'bind', source: literally(source), target, read_only: true },
})

/** Compose takes `$` for the beginning of a variable. */
export const literally = (text: string): string => text.replaceAll('$', '$$$$')
