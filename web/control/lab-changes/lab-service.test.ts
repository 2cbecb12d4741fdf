import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { codeOf, labFileOf, openService, payment, shop, stock } from './lab-service.fixture.ts'

test('a dry run says what would be done and does nothing', async () => {
  const { put, world, labService } = await openService()
  const plan = await put(labFileOf(shop, payment), { dryRun: true })
  expect(plan.applied).toBe(false)
  expect(plan.lines.map(({ mark, what, name, onApply }) => [mark, what, name, onApply])).toEqual([
    ['+', 'service', 'payment', 'started'],
    ['+', 'queue', 'payment', 'made'],
    ['=', 'service', 'shop', 'stays up'],
    ['=', 'event', '1 event', 'kept'],
  ])
  expect(world.done).toEqual([])
  expect(await labService.view()).toMatchObject({ name: 'desk', saved: 'saved' })
})

test('what comes is wired before it is started, and declared before its sidecar comes', async () => {
  const { put, world, labService } = await openService()
  const plan = await put(labFileOf(shop, payment))
  expect(plan).toMatchObject({ applied: true, failed: [] })
  expect(world.done).toEqual([
    ...['wire shop,payment', 'forget payment', 'replace shop,payment', 'start payment', 'configure', 'changed'],
  ])
  expect(world.announced).toEqual(['configure'])
  expect(await labService.view()).toMatchObject({
    saved: 'unsaved',
    yaml: labFileOf(shop, payment),
    revision: plan.revision,
  })
})

test('what goes is owed nothing more before it is stopped, and leaves no queue and no topic behind', async () => {
  const { put, world } = await openService(labFileOf('  shop: { sends: [order_placed, order_paid] }', payment))
  await put(labFileOf(shop))
  expect(world.done).toEqual([
    ...['wire shop', 'stop payment', 'forget payment', 'replace shop', 'start shop', 'configure'],
    ...['drop payment order_paid', 'changed'],
  ])
})

test('a service with unsettled messages goes only where it is forced, and then its queue stays', async () => {
  const { put, world } = await openService(labFileOf(shop, payment))
  world.held = [{ service: 'payment', unsettled: 45, deadLetters: 2, oldestMs: 60_000 }]
  expect(await codeOf(put(labFileOf(shop)))).toEqual([
    'service_in_use',
    expect.stringContaining('payment has 45 unsettled messages and 2 dead letters'),
  ])
  expect(world.done).toEqual([])
  const plan = await put(labFileOf(shop), { dryRun: true })
  expect(plan.obstacles).toEqual(world.held)
  expect((await put(labFileOf(shop), { force: true })).applied).toBe(true)
  expect(world.done.filter((line) => line.startsWith('drop'))).toEqual([])
  expect(world.done).toContain('stop payment')
})

test('messages that are on their way are waited for, with nothing more owed', async () => {
  const { put, world } = await openService(labFileOf(shop, payment))
  world.held = [{ service: 'payment', unsettled: 3, deadLetters: 0, oldestMs: 20 }]
  const gone = put(labFileOf(shop))
  await expect.poll(() => world.done).toEqual(['wire shop'])
  world.held = []
  expect((await gone).applied).toBe(true)
  expect(world.done.slice(0, 2)).toEqual(['wire shop', 'stop payment'])
})

test('a broker that goes away while messages are waited for changes nothing: what was to go is wired again once it is back', async () => {
  const { put, world, text } = await openService(labFileOf(shop, payment))
  const revision = text.revision()
  world.awayAfter = 'wire shop'
  expect(await codeOf(put(labFileOf(shop)))).toEqual(['broker_down', 'nothing was changed: away'])
  expect(world.done).toEqual(['wire shop', expect.stringContaining('wired again as soon as the broker takes it')])
  expect(text.revision()).toBe(revision)
  world.awayAfter = undefined
  await expect.poll(() => world.done.slice(2)).toEqual(['wire shop,payment'])
})

test('a service that cannot be stopped stays, and is wired again', async () => {
  const { put, world } = await openService(labFileOf(shop, payment))
  world.refusesStop = ['payment']
  await expect(put(labFileOf(shop))).rejects.toThrow('payment cannot be stopped')
  expect(world.done).toEqual(['wire shop', 'wire shop,payment'])
  expect(world.announced).toEqual(['wire shop,payment'])
})

test('where one service cannot be stopped, those that were stopped run again before anything is owed to them, and the text is as before', async () => {
  const { put, world, labService, text, open } = await openService(labFileOf(shop, payment, stock))
  const revision = text.revision()
  world.refusesStop = ['payment']
  await expect(put(labFileOf(shop))).rejects.toThrow('payment cannot be stopped')
  expect(world.done).toEqual(['wire shop', 'stop stock', 'start stock', 'wire shop,payment,stock'])
  expect(await labService.view()).toMatchObject({ yaml: labFileOf(shop, payment, stock), revision, saved: 'saved' })
  expect((await open()).declaration.services).toHaveLength(3)
  await put(labFileOf(shop, payment))
  await expect(put(labFileOf(shop))).rejects.toThrow('payment cannot be stopped')
  expect((await open()).text.yaml()).toBe(labFileOf(shop, payment))
})

test('a text that cannot be written changes nothing', async () => {
  const { put, world, labService, text, path, open } = await openService(labFileOf(shop, payment))
  const revision = text.revision()
  await mkdir(`${path}.next`)
  await expect(put(labFileOf(shop))).rejects.toThrow('EISDIR')
  expect(world.done).toEqual(['wire shop', 'wire shop,payment'])
  expect(await labService.view()).toMatchObject({ yaml: labFileOf(shop, payment), revision, saved: 'saved' })
  expect((await open()).declaration.services).toHaveLength(2)
})

test('replica counts that cannot be forgotten are no reason to stop half-way', async () => {
  const { put, world, labService } = await openService(labFileOf(shop, payment))
  world.isDiskFull = true
  expect(await put(labFileOf(shop))).toMatchObject({ applied: true, failed: [] })
  expect(world.done.slice(0, 4)).toEqual([
    ...['wire shop', 'stop payment', 'replica counts from before the change stay in the data folder: no space left'],
    'replace shop',
  ])
  expect(await labService.view()).toMatchObject({ yaml: labFileOf(shop), declaration: world.declaration })
})

test('a broker that goes away after the change was made leaves queues behind, and the change is said and kept', async () => {
  const { put, world, labService, text } = await openService(labFileOf(shop, payment))
  const revision = text.revision()
  world.awayAfter = 'replace shop'
  expect(await put(labFileOf(shop))).toMatchObject({ applied: true })
  expect(world.done).toContainEqual(expect.stringContaining('stay in the broker: nothing was changed: away'))
  expect(await labService.view()).toMatchObject({ yaml: labFileOf(shop), saved: 'unsaved' })
  expect(text.revision()).toBeGreaterThan(revision)
})

test('an older text is refused with what has changed since', async () => {
  const { put, text } = await openService()
  const before = text.revision()
  await put(labFileOf(shop, payment))
  expect(await codeOf(put(labFileOf(shop), {}, before))).toEqual([
    'lab_changed',
    expect.stringContaining('since then + service payment: 1 replica of http://127.0.0.1:1/'),
  ])
})

test('two changes at once are made one after the other, and the second one is late', async () => {
  const { put, text } = await openService()
  const revision = text.revision()
  const [first, second] = await Promise.all([
    codeOf(put(labFileOf(shop, payment), {}, revision)),
    codeOf(put(labFileOf(shop), {}, revision)),
  ])
  expect(first).toBe('no problem')
  expect(second).toEqual(['lab_changed', expect.anything()])
})

test('a text with problems changes nothing, and each problem has its place', async () => {
  const { put, world } = await openService()
  const late = put(labFileOf(shop, '  payment: { receives: [order_place], url: "http://127.0.0.1:1/" }'))
  await expect(late).rejects.toMatchObject({
    code: 'invalid_lab',
    extra: { errors: [{ path: '/services/payment/receives/0', line: 6, column: 25 }] },
  })
  expect(world.done).toEqual([])
})

test('where nobody starts services, events and flows can still be changed', async () => {
  const { put, world } = await openService()
  world.fixed = 'Docker Compose starts them'
  expect(await codeOf(put(labFileOf(shop, payment)))).toEqual(['lab_fixed', 'Docker Compose starts them'])
  const flow = 'flows:\n  none: { starts: order_placed, ends: [order_done], within: 1s }'
  expect((await put(`${labFileOf(shop)}\nevents:\n  order_placed: { schema: { type: object } }`)).applied).toBe(true)
  expect(await codeOf(put(`${labFileOf(shop)}\n${flow}`))).toEqual([
    'invalid_lab',
    expect.stringContaining('order_done'),
  ])
})

test('where other machines reach the port without a token, nothing is changed and nothing is read', async () => {
  const { put, world, labService } = await openService()
  world.closed = 'set FAULTLINE_TOKEN'
  for (const how of [{}, { dryRun: true }])
    expect(await codeOf(put(labFileOf(shop, payment), how))).toEqual(['lab_fixed', 'set FAULTLINE_TOKEN'])
  expect((await labService.view()).fixed).toBe('set FAULTLINE_TOKEN')
  expect(world.done).toEqual([])
})

test('a service that cannot be started is said, and stays declared', async () => {
  const { put, world } = await openService()
  world.refusesStart = 'payment is not built'
  expect(await put(labFileOf(shop, payment))).toMatchObject({
    ...{ applied: true, failed: [{ service: 'payment', reason: 'payment is not built' }] },
  })
  expect(world.declaration.services).toHaveLength(2)
})

test('what was applied is saved as a whole, unless somebody wrote the file meanwhile', async () => {
  const { put, labService, file, text } = await openService()
  await put(labFileOf(shop, payment))
  expect(await readFile(file, 'utf8')).toBe(labFileOf(shop))
  expect(await labService.save(text.revision())).toMatchObject({ saved: 'saved' })
  expect(await readFile(file, 'utf8')).toBe(labFileOf(shop, payment))
  await put(labFileOf(shop))
  await writeFile(file, `${labFileOf(shop, payment)}\n# by somebody else`)
  expect(await labService.view()).toMatchObject({ saved: 'changed' })
  expect(await codeOf(labService.save(text.revision()))).toEqual(['lab_file_changed', expect.stringContaining(file)])
  expect(await readFile(file, 'utf8')).toContain('# by somebody else')
})

test('a web that starts again within the start of the lab goes on with what was applied; a new start reads the file', async () => {
  const { put, open } = await openService()
  const { revision } = await put(labFileOf(shop, payment))
  const again = await open()
  expect(again.declaration.services.map(({ name }) => name)).toEqual(['shop', 'payment'])
  expect(again.text.revision()).toBe(revision)
  expect((await open('two')).declaration.services.map(({ name }) => name)).toEqual(['shop'])
})
