import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { openTypeLooks } from './type-looks.ts'

const type = (more: Partial<EventTypeDefinition> = {}): EventTypeDefinition => ({
  ...{
    name: 'order_placed',
    version: 1,
    topic: 'order_placed',
    schema: {},
    example: {},
    builtIn: false,
    inLabFile: true,
  },
  ...more,
})

test('the effects of a type are as old as the letter and the row that its events have, over restarts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'type-looks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'looks.json')
  let now = 100
  const open = async (...types: EventTypeDefinition[]) => {
    const looks = await openTypeLooks(path, () => now)
    versions.push(...(await looks.take(types)).map(({ version }) => version))
    return looks
  }
  const versions: number[] = []
  expect((await open(type({ builtIn: true }))).all().get('order_placed')).toMatchObject({ isGeneric: false, since: 0 })
  now = 200
  const looks = await open(type())
  expect(looks.all().get('order_placed')).toMatchObject({ isGeneric: true, since: 200 })
  now = 300
  expect((await open(type({ schema: { type: 'object' } }))).all().get('order_placed')?.since).toBe(200)
  await looks.take([type({ email: { subject: 's', body: 'b' } })])
  expect([...looks.all()]).toEqual([
    ['order_placed', { isGeneric: true, template: { subject: 's', body: 'b' }, since: 300 }],
  ])
  expect(versions, 'another schema is another version').toEqual([1, 1, 2])
  expect(await (await open(type({ version: 7 }))).all().get('order_placed')?.since).toBe(300)
  expect(versions.at(-1)).toBe(7)
})

test('while a look is changing nothing is compared with it, and what counts again counts only once workers have it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'type-looks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'looks.json')
  let now = 100
  const looks = await openTypeLooks(path, () => now)
  const since = () => looks.all().get('order_placed')?.since
  const other = type({ email: { subject: 's', body: 'b' } })
  await looks.take([type()])
  await looks.announced()
  expect(since()).toBe(0)
  looks.changing([type({ schema: { type: 'object' } })])
  expect(since(), 'it looks as before').toBe(0)

  looks.changing([other])()
  await looks.announced()
  expect(since(), 'no worker has it').toBe(0)
  looks.changing([other])
  expect(since()).toBe(Number.POSITIVE_INFINITY)
  now = 20_000
  looks.changing([type()])
  expect(since(), 'wired as before, but not announced yet').toBe(Number.POSITIVE_INFINITY)
  await looks.announced()
  expect(since(), 'some workers may have gone by the other one').toBe(22_000)

  looks.changing([other])
  await looks.take([other])
  expect(since()).toBe(Number.POSITIVE_INFINITY)
  now = 40_000
  await looks.announced()
  now = 50_000
  await looks.announced()
  expect(since()).toBe(42_000)
  const later = await openTypeLooks(path, () => now)
  await later.take([other])
  expect(later.all().get('order_placed')).toMatchObject({ template: { subject: 's', body: 'b' }, since: 42_000 })
})
