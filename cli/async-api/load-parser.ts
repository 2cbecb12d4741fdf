import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../package-root.ts'

type OfficialParser = typeof import('./official-parser.ts')

let loaded: Promise<InstanceType<OfficialParser['Parser']>> | undefined

/** The official parser, loaded when it is asked for: no other command needs it. Built, it is a file of its own with all that it needs. */
export function loadParser(): Promise<InstanceType<OfficialParser['Parser']>> {
  // One does for every document: to make one takes a second.
  loaded ??= load()
  return loaded
}

async function load(): Promise<InstanceType<OfficialParser['Parser']>> {
  const file = import.meta.url.endsWith('.ts')
    ? new URL('./official-parser.ts', import.meta.url)
    : pathToFileURL(join(packageRoot, 'dist', 'async-api-parser.js'))
  const { Parser } = (await import(file.href)) as OfficialParser
  return new Parser()
}
