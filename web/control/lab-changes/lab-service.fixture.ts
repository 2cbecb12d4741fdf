import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LabObstacle } from '#contracts/api/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { ApiProblem } from '../problem/problem.ts'
import { createLabService } from './lab-service.ts'
import { declared, openLabText } from './lab-text.ts'

export const shop = '  shop: { sends: [order_placed] }'
export const payment = '  payment: { receives: [order_placed], url: "http://127.0.0.1:1/" }'
export const stock = '  stock: { receives: [order_placed], url: "http://127.0.0.1:2/" }'
export const labFileOf = (...services: string[]): string =>
  ['apiVersion: faultline/v1', 'kind: Lab', 'metadata: { name: desk }', 'services:', ...services].join('\n')
const check = async () => []

/** A labService over a file of its own, with hands that only write down what they are asked for. */
export async function openService(yaml = labFileOf(shop)) {
  const folder = await mkdtemp(join(tmpdir(), 'lab-service-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'faultline.yaml')
  await writeFile(file, yaml)
  const load = async (path: string) => declared(await readFile(path, 'utf8'), path, check)
  const options = { file, path: join(folder, 'applied.json'), start: 'one' }
  const open = (start = 'one') => openLabText({ ...options, start }, load)
  const { text, declaration: first } = await open()
  const world = {
    declaration: first as LabDeclaration,
    done: [] as string[],
    /** What was done last when workers had the lab that holds. */
    announced: [] as (string | undefined)[],
    held: [] as LabObstacle[],
    fixed: undefined as string | undefined,
    closed: undefined as string | undefined,
    refusesStart: undefined as string | undefined,
    /** The broker answers until this word was noted; undefined: always. */
    awayAfter: undefined as string | undefined,
    /** Services that cannot be stopped. */
    refusesStop: [] as string[],
    isDiskFull: false,
  }
  const isAway = (): boolean => world.awayAfter !== undefined && world.done.includes(world.awayAfter)
  const note = (...words: string[]): void => void world.done.push(words.join(' '))
  const names = ({ services }: LabDeclaration): string => services.map(({ name }) => name).join()
  const labService = createLabService({
    ...{ text, check, declaration: () => world.declaration, builtIn: '/built-in.yaml' },
    async held(services) {
      if (isAway()) throw new ApiProblem('broker_down', 'nothing was changed: away')
      return world.held.filter(({ service }) => services.includes(service))
    },
    refusal: () => undefined,
    fixed: () => world.fixed,
    closed: () => world.closed,
    onChanged: () => note('changed'),
    hands: {
      versioned: (events) => [...events],
      async wire(lab) {
        if (isAway()) throw new ApiProblem('broker_down', 'nothing was changed: away')
        note('wire', names(lab))
      },
      async replace(lab) {
        world.declaration = lab
        note('replace', names(lab))
      },
      async forgetReplicas(services) {
        if (world.isDiskFull) throw new Error('no space left')
        note('forget', services.join())
      },
      async start({ name }) {
        if (world.refusesStart !== undefined) throw new Error(world.refusesStart)
        note('start', name)
      },
      async stop(name) {
        if (world.refusesStop.includes(name)) throw new Error(`${name} cannot be stopped`)
        note('stop', name)
      },
      configure: async () => note('configure'),
      async announced() {
        world.announced.push(world.done.at(-1))
      },
      drop: async ({ groups, topics }) => note('drop', groups.join(), topics.join()),
      unsettledTypes: () => new Set(),
      topics: () => new Set(world.declaration.events.map(({ topic }) => topic)),
      warn: note,
    },
  })
  const put = (next: string, how: { dryRun?: boolean; force?: boolean } = {}, revision = text.revision()) =>
    labService.put({ yaml: next, revision }, { dryRun: false, force: false, ...how })
  return { labService, world, file, path: options.path, text, put, open }
}

export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no problem',
    (error: unknown) => (error instanceof ApiProblem ? [error.code, error.message] : error),
  )
