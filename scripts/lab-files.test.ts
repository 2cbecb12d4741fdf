import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { labFiles, wholeFiles, withLabFile } from './lab-files.ts'

const lab: LabDeclaration = defaultLab
const audit: ServiceDeclaration = {
  ...{ name: 'consumer-audit', replicas: 3, receives: ['order_placed'], sends: ['order_audited'], concurrency: 8 },
  ...{ body: { kind: 'url', url: 'http://audit:8080/' }, idempotent: false },
}

test.each(labFiles.map((file) => [file.path, file] as const))('%s says what the declared lab says', (path, file) => {
  const committed = readFileSync(path, 'utf8')
  expect(withLabFile(file, committed, lab), 'run `npm run lab-files`').toBe(committed)
})

test.each(labFiles.map((file) => [file.path, file] as const))('%s follows a lab that has changed', (path, file) => {
  const committed = readFileSync(path, 'utf8')
  const more = withLabFile(file, committed, { ...lab, services: [...lab.services, audit] })
  expect(more).toContain('consumer-audit')
  expect(withLabFile(file, more, lab)).toBe(committed)
  expect(withLabFile(file, more, { ...lab, services: [audit] })).not.toContain('consumer-db:')
})

test('a worker in a container is given its kind, what it is made of and how many replicas it has', () => {
  const [compose] = labFiles
  expect(compose?.linesOf({ ...lab, services: [...lab.services.slice(0, 1), audit] }).join('\n')).toMatch(
    /FAULTLINE_KIND: producer[\s\S]*FAULTLINE_SERVICE: consumer-audit\n {4}FAULTLINE_KIND: consumer\n {4}FAULTLINE_REPLICAS: "3"\n {4}FAULTLINE_PUBLISHES: "1"\n {4}FAULTLINE_SENDS: order_audited\n {4}FAULTLINE_BODY: /,
  )
})

test.each(wholeFiles().map((file) => [file.path, file] as const))(
  '%s is what follows from the code',
  (path, { text }) => {
    expect(readFileSync(path, 'utf8'), 'run `npm run lab-files`').toBe(text)
  },
)

test('the built-in lab is that of the catalogue: one source, a mail and a row', () => {
  expect(lab.events).toEqual(builtInEventTypes.map((type) => ({ ...type, inLabFile: true })))
  expect(lab.services.map(({ name, body, replicas }) => [name, body.kind, replicas])).toEqual([
    ['producer', 'source', 1],
    ['consumer-email', 'builtin', 1],
    ['consumer-db', 'builtin', 2],
  ])
})

test('no secret is in the file of the containers: what has no value is made at the first start', () => {
  const compose = readFileSync('docker-compose.yml', 'utf8')
  const given = [...compose.matchAll(/\b(\w*(?:TOKEN|PASSWORD|DATABASE_URL)\w*): (?:&\S+ )?(\S+)$/gm)]
  expect(given.length).toBeGreaterThan(3)
  for (const [, name, value] of given) expect(value, name).toMatch(/^(\$\{\w+:-\}|\*database-url)$/)
  expect(compose).not.toMatch(/:\/\/[^\s/:]+:[^\s@/$]+@/)
})

test('a file without its markers is refused', () => {
  const [compose] = labFiles
  if (compose === undefined) throw new Error('there is no file of the lab')
  expect(() => withLabFile(compose, 'services:\n', lab)).toThrow('docker-compose.yml has no lines that say where')
})
