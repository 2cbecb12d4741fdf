/**
 * Built into every process: stacks name the lines of the sources. Node's own `--enable-source-maps` reads the map of each file when the
 * file is loaded, which a process that meets no error pays with its start and its memory; here a map is read for the first stack that
 * passes through its file.
 */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** By the address of the built file; undefined if it has no map. */
const maps = new Map()

function mapOf(file) {
  if (maps.has(file)) return maps.get(file)
  let map
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')))
  } catch {
    // A file of a package or of Node itself.
  }
  maps.set(file, map)
  return map
}

function described(frame) {
  const text = frame.toString()
  const file = frame.getFileName()
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()]
  if (!file?.startsWith('file:') || line === null || column === null) return text
  const { originalSource, originalLine, originalColumn } = mapOf(file)?.findEntry(line - 1, column - 1) ?? {}
  // The build keeps no lines of packages.
  if (originalLine === undefined || originalSource.includes('node_modules/')) return text
  const source = resolve(dirname(fileURLToPath(file)), originalSource)
  return text.replace(`${file}:${line}:${column}`, `${source}:${originalLine + 1}:${originalColumn + 1}`)
}

/** As V8 writes it. */
function headOf(error) {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return 'Error'
  }
}

Error.prepareStackTrace = (error, frames) =>
  [headOf(error), ...frames.map((frame) => `    at ${described(frame)}`)].join('\n')
