/** Writes what follows from the catalogue of events and from the built-in lab: `labs/`, and parts of docker-compose.yml and monitoring/prometheus.yml. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { labFiles, wholeFiles, withLabFile } from './lab-files.ts'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
for (const { path, text } of wholeFiles()) {
  mkdirSync(dirname(at(path)), { recursive: true })
  const isSame = existsSync(at(path)) && readFileSync(at(path), 'utf8') === text
  if (!isSame) writeFileSync(at(path), text)
  console.log(`${path}: ${isSame ? 'unchanged' : 'written'}`)
}
const lab = await loadLab(defaultLabFile(at('.')))
for (const file of labFiles) {
  const path = at(file.path)
  const before = readFileSync(path, 'utf8')
  const after = withLabFile(file, before, lab)
  if (after !== before) writeFileSync(path, after)
  console.log(`${file.path}: ${after === before ? 'unchanged' : 'written'}`)
}
