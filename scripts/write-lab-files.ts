/** Writes into docker-compose.yml and monitoring/prometheus.yml what follows from the declared lab. */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadLab } from '#contracts/load-lab.ts'
import { labFiles, withLab } from './lab-files.ts'

const lab = loadLab()
for (const file of labFiles) {
  const path = new URL(`../${file.path}`, import.meta.url)
  const before = readFileSync(path, 'utf8')
  const after = withLab(file, before, lab)
  if (after !== before) writeFileSync(path, after)
  console.log(`${file.path}: ${after === before ? 'unchanged' : 'written'}`)
}
