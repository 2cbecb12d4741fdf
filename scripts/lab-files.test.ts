import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadLab } from '#contracts/load-lab.ts'
import { labFiles, withLab } from './lab-files.ts'

const lab = loadLab()

test.each(labFiles.map((file) => [file.path, file] as const))('%s says what the declared lab says', (path, file) => {
  const committed = readFileSync(path, 'utf8')
  expect(withLab(file, committed, lab), 'run `npm run lab-files`').toBe(committed)
})

test.each(labFiles.map((file) => [file.path, file] as const))('%s follows a lab that has changed', (path, file) => {
  const committed = readFileSync(path, 'utf8')
  const audit = { name: 'consumer-audit', replicas: 3, subscribesTo: ['order_placed'], idempotent: false }
  const more = withLab(file, committed, { ...lab, consumers: [...lab.consumers, audit] })
  expect(more).toContain('consumer-audit')
  expect(withLab(file, more, lab)).toBe(committed)
  expect(withLab(file, more, { ...lab, consumers: [audit] })).not.toContain('consumer-db:')
})

test('a worker in a container is told its kind, its effect and how many replicas it has', () => {
  const [compose] = labFiles
  const audit = { name: 'consumer-audit', replicas: 3, subscribesTo: [], idempotent: false }
  expect(compose?.linesOf({ producers: lab.producers, consumers: [audit] }).join('\n')).toMatch(
    /FAULTLINE_KIND: producer[\s\S]*FAULTLINE_SERVICE: consumer-audit\n {4}FAULTLINE_KIND: consumer\n {4}FAULTLINE_REPLICAS: "3"/,
  )
})

test('no secret stands in the file of the containers: what has no value is made at the first start', () => {
  const compose = readFileSync('docker-compose.yml', 'utf8')
  const given = [...compose.matchAll(/\b(\w*(?:TOKEN|PASSWORD|DATABASE_URL)\w*): (?:&\S+ )?(\S+)$/gm)]
  expect(given.length).toBeGreaterThan(3)
  for (const [, name, value] of given) expect(value, name).toMatch(/^(\$\{\w+:-\}|\*database-url)$/)
  expect(compose).not.toMatch(/:\/\/[^\s/:]+:[^\s@/$]+@/)
})

test('a file without its markers is refused', () => {
  const [compose] = labFiles
  if (compose === undefined) throw new Error('there is no file of the lab')
  expect(() => withLab(compose, 'services:\n', lab)).toThrow('docker-compose.yml has no lines that say where')
})
