import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { packageRoot } from '../package-root.ts'

const composeService = z.looseObject({
  image: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()]).nullable()).optional(),
  volumes: z.array(z.string()).optional(),
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

/** Compose takes `$` for the beginning of a variable. */
export const literally = (text: string): string => text.replaceAll('$', '$$$$')
