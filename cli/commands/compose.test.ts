import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { faultline } from '../fixtures/scripted-program.ts'

interface Service {
  image?: string
  build?: unknown
  environment?: Record<string, string>
  volumes?: unknown[]
  configs?: { target: string; mode?: number }[]
  depends_on?: Record<string, unknown>
}

const lab = `apiVersion: faultline/v1
kind: Lab
metadata: { name: shop }
events: { sold: { schema: ./events/sold.json }, paid: {} }
services:
  till: { sends: [sold] }
  built: { receives: [sold], sends: [paid], run: { command: [./pay], directory: ./built, env: { KEY: $PAYMENT_KEY, COST: "5$" } }, replicas: 2 }
  mounted: { receives: [sold], run: { command: [node, main.mjs], directory: ./mounted } }
  near: { receives: [sold], url: "http://127.0.0.1:8080/events" }
  far: { receives: [paid], url: $FAR_URL }
  idle: { receives: [paid], simulate: {} }
`

const mountOf = (source: string, target: string) => ({ type: 'bind', source, target, read_only: true })

/** As Compose reads it from its environment. */
const variable = (name: string, otherwise = ''): string => `\${${name}:-${otherwise}}`

async function composed(...args: string[]) {
  const folder = await temporaryFolder('compose')
  for (const name of ['events', 'built', 'mounted']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'events', 'sold.json'), '{ "type": "object" }')
  await writeFile(join(folder, 'built', 'Dockerfile'), 'FROM faultline-sidecar\n')
  await writeFile(join(folder, 'shop.yaml'), lab)
  const out = join(folder, 'docker-compose.yml')
  const { complaints, code } = await faultline(['compose', '--lab', join(folder, 'shop.yaml'), '--out', out, ...args])
  const text = await readFile(out, 'utf8').catch(() => '')
  return { code, complaints, text, services: (parse(text)?.services ?? {}) as Record<string, Service> }
}

test('every service is the container of its sidecar, with its program built or mounted, and those outside stay there', async () => {
  const { code, complaints, services } = await composed()
  expect(code).toBe(0)
  expect(Object.keys(services).sort()).toEqual(
    [
      ...['web', 'kafka', 'postgres', 'mailbox', 'migrate', 'secrets'],
      ...['till', 'built', 'mounted', 'near', 'far', 'idle'],
    ].sort(),
  )
  const { built, mounted, near, far, idle, web } = services
  expect(built).toMatchObject({ build: { context: './built' }, environment: { FAULTLINE_REPLICAS: '2' } })
  expect(built?.image).toBeUndefined()
  expect(JSON.parse((built?.environment?.FAULTLINE_BODY ?? '').replaceAll('$$', '$'))).toMatchObject({
    ...{ kind: 'program', directory: '/program', env: { KEY: '$PAYMENT_KEY', COST: '5$' } },
  })
  expect(built?.environment?.PAYMENT_KEY).toBe(variable('PAYMENT_KEY'))
  expect(mounted?.image).toBe(variable('FAULTLINE_SIDECAR_IMAGE', 'faultline-sidecar'))
  expect(mounted?.volumes).toContainEqual(mountOf('./mounted', '/program'))
  expect(near?.environment?.FAULTLINE_BODY).toContain('http://host.docker.internal:8080/events')
  expect(far?.environment?.FAR_URL).toBe(variable('FAR_URL'))
  expect(idle?.environment?.FAULTLINE_WORKER_ENTRY).toBe('dist/simulated.js')
  expect(web?.environment).toMatchObject({ FAULTLINE_LAB: '/lab/shop.yaml', BROKER: 'kafka' })
  expect(web?.volumes).toContainEqual(mountOf('./', '/lab'))
  expect(complaints).not.toContain('web reads all of')
  for (const note of [
    'built reads PAYMENT_KEY: set it in the environment or in .env',
    'near stays on this machine: it is called at http://host.docker.internal:8080, so it has to listen on 0.0.0.0',
  ])
    expect(complaints).toContain(note)
  const secrets = Object.values(services).flatMap(({ environment = {} }) =>
    Object.entries(environment).filter(([name]) => /PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL/.test(name)),
  )
  expect(secrets.filter(([, value]) => !/^\$\{\w+:-(faultline)?\}$/.test(value))).toEqual([])
  expect(secrets.length).toBeGreaterThan(10)
})

test.each([
  ['kafka', ['kafka'], /AWS_|SNS_SQS_/],
  ['redis', ['redis', 'sns-sqs'], /KAFKA_/],
  ['local', ['sns-sqs'], /KAFKA_|REDIS_/],
])('on %s there is nothing of other brokers, and nothing waits for them', async (broker, engines, foreign) => {
  const { services } = await composed('--broker', broker)
  expect(['kafka', 'redis', 'sns-sqs'].filter((name) => Object.hasOwn(services, name)).sort()).toEqual(engines)
  for (const { environment = {}, depends_on = {} } of Object.values(services)) {
    expect(Object.keys(environment).filter((name) => foreign.test(name))).toEqual([])
    for (const needed of Object.keys(depends_on)) expect(services).toHaveProperty([needed])
  }
  expect(services.till?.environment?.BROKER).toBe(broker)
})

test('Kafka may add to the configuration that it copies', async () => {
  const { services } = await composed('--broker', 'kafka')
  const configs = (services.kafka?.configs ?? []).filter(({ target }) => target.startsWith('/mnt/shared/config/'))
  expect(configs.map(({ target }) => target)).toContain('/mnt/shared/config/server.properties')
  for (const { mode = 0o444 } of configs) expect(mode & 0o200).toBe(0o200)
})

test('a broker or a lab file that is none is refused, and nothing is written', async () => {
  const { code, complaints, text } = await composed('--broker', 'kafak')
  expect([code, complaints, text]).toEqual([2, '--broker: there is no kafak; did you mean kafka?', ''])
  const unwritable = await faultline(['compose', '--out', '/nowhere/docker-compose.yml'])
  expect(unwritable).toMatchObject({ code: 1, complaints: expect.stringContaining('name a file in a folder that is') })
  const { code: invalid, complaints: why } = await faultline(['compose', '--lab', '/nowhere/lab.yaml'])
  expect([invalid, why]).toEqual([2, expect.stringContaining('The lab file /nowhere/lab.yaml is not there')])
})

test('files that AsyncAPI documents refer to are in the folder that is mounted', async () => {
  const folder = await temporaryFolder('compose')
  for (const name of ['shop', 'shared', 'types']) await mkdir(join(folder, name))
  await writeFile(
    join(folder, 'shop', 'shop.yaml'),
    `apiVersion: faultline/v1
kind: Lab
metadata: { name: shop }
events: { sold: { asyncapi: "./asyncapi.yaml#/components/messages/sold", example: ./sold.json } }
services: { till: { sends: [sold] }, idle: { receives: [sold], simulate: {} } }
`,
  )
  await writeFile(
    join(folder, 'shop', 'asyncapi.yaml'),
    'asyncapi: 3.0.0\ncomponents: { messages: { sold: { payload: { $ref: "../shared/sold.yaml" } } } }\n',
  )
  await writeFile(join(folder, 'shop', 'sold.json'), '{ "id": "a" }')
  await writeFile(
    join(folder, 'shared', 'sold.yaml'),
    'type: object\nproperties: { id: { $ref: "../types/id.yaml#/id" } }\n',
  )
  await writeFile(join(folder, 'types', 'id.yaml'), 'id: { type: string }\n')
  const out = join(folder, 'docker-compose.yml')
  const { code, complaints } = await faultline(['compose', '--lab', join(folder, 'shop', 'shop.yaml'), '--out', out])
  expect([code, complaints]).toEqual([0, expect.not.stringContaining('problem')])
  const { web } = parse(await readFile(out, 'utf8')).services as Record<string, Service>
  expect(web?.environment?.FAULTLINE_LAB).toBe('/lab/shop/shop.yaml')
  expect(web?.volumes).toContainEqual(mountOf('./', '/lab'))
  expect(complaints).toContain(
    'web reads all of ./, not only the folder of the lab file, since the lab names ./shared/',
  )
})

/** A lab in a folder of this name whose program is in `directory`, and what making its compose file says. */
async function withProgramIn(directory: string, { name = 'shop', isHome = false } = {}) {
  const folder = await temporaryFolder('compose')
  await mkdir(join(folder, name, 'pay $1:x'), { recursive: true })
  const file = join(folder, name, 'shop.yaml')
  await writeFile(
    file,
    `apiVersion: faultline/v1
kind: Lab
metadata: { name: shop }
events: { sold: {} }
services: { till: { sends: [sold] }, pay: { receives: [sold], run: { command: [./pay], directory: ${JSON.stringify(directory)} } } }
`,
  )
  const out = join(folder, 'docker-compose.yml')
  const env = isHome ? { HOME: folder } : {}
  const said = await faultline(['compose', '--lab', file, '--out', out], undefined, env)
  const text = await readFile(out, 'utf8').catch(() => '')
  return { ...said, folder, file, services: (parse(text)?.services ?? {}) as Record<string, Service>, text }
}

test('a lab that would have the whole machine, or the home folder, mounted is refused with the path that leads there', async () => {
  const machine = await withProgramIn('/usr')
  expect([machine.code, machine.text]).toEqual([2, ''])
  expect(machine.complaints).toBe(
    `${machine.file} names /usr, so / would be mounted into web with everything in it: put /usr into the folder of the lab file and name it there`,
  )
  const home = await withProgramIn('..', { isHome: true })
  expect([home.code, home.text]).toEqual([2, ''])
  expect(home.complaints).toContain(`names ${home.folder}, so ${home.folder} would be mounted into web`)
  const own = await withProgramIn('.', { name: '.', isHome: true })
  expect([own.code, own.complaints]).toEqual([
    2,
    expect.stringContaining(`is in ${own.folder}, which would be mounted`),
  ])
  expect((await withProgramIn('.', { isHome: true })).code).toBe(0)
})

test('paths with a dollar sign or a colon are mounted as they are', async () => {
  const { services } = await withProgramIn('pay $1:x', { name: 'a:b $HOME' })
  expect(services.web?.volumes).toContainEqual(mountOf('./a:b $$HOME', '/lab'))
  expect(services.pay?.volumes).toContainEqual(mountOf('./a:b $$HOME/pay $$1:x', '/program'))
})
