import { readFile } from 'node:fs/promises'
import type { APIRequestContext, Page } from '@playwright/test'
import { expect, test } from './with-lab.ts'

const dock = (page: Page) => page.getByRole('region', { name: 'Dock' })
const drawer = (page: Page) => page.getByRole('complementary')

async function inject(request: APIRequestContext, fault: object): Promise<() => Promise<void>> {
  const answer = await request.post('/api/faults', { data: { percent: 100, durationMs: 110_000, ...fault } })
  expect(answer.status(), await answer.text()).toBe(201)
  const { id } = await answer.json()
  const state = async () =>
    (await (await request.get('/api/faults')).json()).items.find((one: { id: string }) => one.id === id)?.state
  return async () => {
    await request.delete(`/api/faults/${id}`)
    await expect.poll(state).toBe('healed')
  }
}

const order = (orderId: string) => ({
  orderId,
  email: 'ada@example.com',
  items: [{ sku: 'KB-87', qty: 1, price: 139 }],
  total: 139,
})

async function publish(request: APIRequestContext, type: string, data: object): Promise<string> {
  const answer = await request.post('/event', { data: { type, data } })
  expect(answer.status(), await answer.text()).toBe(202)
  return (await answer.json()).id
}

const lettersOf = async (
  request: APIRequestContext,
  errorType: string,
): Promise<{ id: string; messageId: string }[]> => {
  const { items } = await (await request.get('/api/dead-letters?limit=1000')).json()
  return items.filter(({ error }: { error: { type: string } }) => error.type === errorType)
}

const stateIn = async (request: APIRequestContext, id: string, group: string): Promise<string> => {
  const { obligations } = await (await request.get(`/api/messages/${id}`)).json()
  return obligations.find((one: { group: string }) => one.group === group)?.state
}

/** A letter of consumer-db for an order, with the fault that made it gone again or still there. */
async function makeLetters(request: APIRequestContext, errorType: string, count: number) {
  await request.put('/api/subscriptions/consumer-db', {
    data: { retryPolicy: { nonRetryableErrorTypes: [errorType] } },
  })
  const heal = await inject(request, {
    type: 'handler.error',
    target: { service: 'consumer-db', eventType: 'order_placed' },
    params: { errorType, stage: 'before' },
  })
  const ids: string[] = []
  for (let seq = 0; seq < count; seq += 1) {
    ids.push(await publish(request, 'order_placed', order(`4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b${seq}`)))
  }
  await expect.poll(async () => (await lettersOf(request, errorType)).length, { timeout: 60_000 }).toBe(count)
  return { ids, heal }
}

test('a dead letter is found by its cause, edited, tried dry, sent back and delivered', async ({ page, request }) => {
  test.setTimeout(240_000)
  const { ids, heal } = await makeLetters(request, 'ValueTooLong', 1)
  const [id = ''] = ids
  await heal()
  await page.goto('/?dock=dead-letters')
  await expect(dock(page).getByRole('tab', { name: /Dead letters [1-9]/ })).toBeVisible()
  const cause = dock(page).getByRole('row').filter({ hasText: 'ValueTooLong' })
  await expect(cause).toContainText('consumer-db')
  await expect(cause).toContainText('non_retryable')
  await cause.getByRole('button').click()
  await dock(page).getByRole('link', { name: id }).click()

  await expect(drawer(page).getByText('not retryable').first()).toBeVisible()
  await expect(drawer(page).getByText('attempt 1')).toBeVisible()
  await drawer(page).getByText('Stack').first().click()
  await expect(
    drawer(page)
      .getByText(/handler-faults\.ts/)
      .first(),
  ).toBeVisible()
  await drawer(page).getByRole('tab', { name: 'Headers' }).click()
  await expect(drawer(page).getByText(id).last()).toBeVisible()

  await drawer(page).getByRole('tab', { name: 'Edit and redrive' }).click()
  await expect(drawer(page).getByText('consumer-db runs again for 1 message')).toBeVisible()
  await expect(drawer(page).getByText('consumer-email does not run')).toBeVisible()
  const editor = drawer(page).getByRole('textbox', { name: 'Payload' })
  const type = (data: object) => editor.fill(JSON.stringify(data, undefined, 2))
  const { orderId } = order('4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b0')
  await type({ ...order(orderId), total: -1 })
  await expect(drawer(page).getByText('must be at least 0, is -1')).toBeVisible()
  await expect(drawer(page).getByRole('button', { name: 'Redrive edited' })).toBeDisabled()
  await type({ ...order(orderId), total: 141 })
  await expect(drawer(page).getByText('- /total: 139')).toBeVisible()
  await expect(drawer(page).getByText('+ /total: 141')).toBeVisible()
  await drawer(page).getByRole('button', { name: 'Redrive edited' }).click()

  await expect(drawer(page).getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
  await expect(drawer(page).getByText('1 of 1', { exact: true })).toBeVisible()
  await expect.poll(() => stateIn(request, id, 'consumer-db')).toBe('delivered')
  const { items: rows } = await (await request.get(`/api/outbox/rows?messageId=${encodeURIComponent(id)}`)).json()
  expect(rows).toHaveLength(1)
  expect(Number(rows[0].data.total)).toBe(141)
  // consumer-email had delivered it, and was not asked again.
  const { items: mails } = await (await request.get(`/api/outbox/emails?messageId=${encodeURIComponent(id)}`)).json()
  expect(mails).toHaveLength(1)
  await expect(cause).toHaveCount(0)
  const { groups } = await (await request.get('/api/ledger')).json()
  expect(groups.every((row: { dead_lettered: number }) => row.dead_lettered === 0)).toBe(true)
  await expect(
    page.getByRole('region', { name: 'Ledger' }).getByRole('link', { name: /^0 dead-lettered/ }),
  ).toBeVisible()
})

test('a redrive is drawn as one, with both payloads, and is in the event log', async ({ page, request }) => {
  test.setTimeout(240_000)
  const { ids, heal } = await makeLetters(request, 'DrawnOnce', 1)
  const [id = ''] = ids
  await heal()
  const [letter] = await lettersOf(request, 'DrawnOnce')
  const sent = await request.post('/api/dead-letters/redrive', {
    data: { ids: [letter?.id], change: { total: 141 } },
  })
  expect(sent.status(), await sent.text()).toBe(202)
  await expect.poll(() => stateIn(request, id, 'consumer-db')).toBe('delivered')

  await page.goto(`/?message=${encodeURIComponent(id)}&dock=log`)
  const waterfall = page.getByRole('region', { name: 'Waterfall' })
  await expect(waterfall).toContainText('redriven, delivered')
  for (const row of ['dead-lettered', 'in dead letters', 'redriven by you', 'DrawnOnce']) {
    await expect(waterfall).toContainText(row)
  }
  await expect(waterfall).not.toContainText('backoff')
  await expect(drawer(page).getByText(/^- .*"total": 139/)).toBeVisible()
  await expect(drawer(page).getByText(/^\+ .*"total": 141/)).toBeVisible()
  await drawer(page).getByText('As published').click()
  await expect(drawer(page).getByText(/^\+ .*"total": 141/)).toHaveCount(0)

  // Newest first: the tests before this one sent one back, too.
  await expect(
    dock(page)
      .getByText(/a redrive ended: 1 of 1 dead letter sent back/)
      .first(),
  ).toBeVisible()
  await dock(page).getByRole('textbox', { name: 'Note' }).fill('the edit was right')
  await dock(page).getByRole('button', { name: 'Add note' }).click()
  await expect(dock(page).getByText('the edit was right')).toBeVisible()
})

test('a canary that fails again leaves the others where they are', async ({ page, request }) => {
  test.setTimeout(240_000)
  const { ids, heal } = await makeLetters(request, 'CardStolen', 3)
  await page.goto('/?dock=dead-letters')
  await dock(page).getByRole('checkbox', { name: 'Choose all 3 of CardStolen in consumer-db' }).check({ force: true })
  await expect(dock(page).getByText('3 selected')).toBeVisible()
  const saved = page.waitForEvent('download')
  await dock(page).getByRole('button', { name: 'Export' }).click()
  const file = JSON.parse(await readFile(await (await saved).path(), 'utf8'))
  expect(file.map(({ messageId }: { messageId: string }) => messageId).sort()).toEqual([...ids].sort())
  await dock(page).getByRole('button', { name: 'Redrive…' }).click()
  await expect(drawer(page).getByText('consumer-db runs again for 3 messages')).toBeVisible()
  await expect(drawer(page).getByText('consumer-db makes no second effect')).toBeVisible()
  await drawer(page).getByLabel('First, as a canary').fill('1.5')
  await expect(drawer(page).getByText('must be a whole number from 1 to 1,000')).toBeVisible()
  await drawer(page).getByLabel('First, as a canary').fill('1')
  await drawer(page).getByRole('button', { name: 'Redrive 3' }).click()
  await expect(drawer(page).getByText('1 of the canary failed again')).toBeVisible()
  await expect(drawer(page).getByRole('status').filter({ hasText: 'Stopped' })).toBeVisible()
  expect(await lettersOf(request, 'CardStolen')).toHaveLength(3)

  await heal()
  await page.goto('/?dock=dead-letters&redrive=group%3Aconsumer-db')
  await drawer(page).getByLabel('Then').fill('0.05')
  await drawer(page).getByRole('button', { name: 'Redrive 3' }).click()
  await drawer(page).getByRole('button', { name: 'Stop' }).click()
  await expect(drawer(page).getByRole('status').filter({ hasText: 'Stopped' })).toBeVisible()
  const left = (await lettersOf(request, 'CardStolen')).length
  // It waits twenty seconds after each: when it is stopped, at most the first one is gone.
  expect(left).toBeGreaterThanOrEqual(2)
  await page.goto('/?dock=dead-letters&redrive=all')
  await drawer(page)
    .getByRole('button', { name: `Redrive ${left}` })
    .click()
  await expect(drawer(page).getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
  for (const id of ids) await expect.poll(() => stateIn(request, id, 'consumer-db')).toBe('delivered')
  await expect(dock(page).getByText('No dead letters')).toBeVisible()
})

test('poison shows its bytes, and a dry run says that it would come back', async ({ page, request }) => {
  const heal = await inject(request, {
    type: 'message.poison',
    target: { eventType: 'payment_failed' },
    params: { variant: 'malformed' },
  })
  const data = { orderId: '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8', reason: 'card declined' }
  await expect
    .poll(async () => {
      await publish(request, 'payment_failed', data)
      return (await lettersOf(request, 'Undecodable')).length
    })
    .toBeGreaterThan(0)
  await heal()
  await page.goto('/?dock=dead-letters')
  await dock(page)
    .getByRole('button', { name: /Undecodable/ })
    .click()
  await dock(page)
    .getByRole('link', { name: /payment_failed/ })
    .first()
    .click()
  await expect(drawer(page).getByText('cannot be read').first()).toBeVisible()
  await expect(drawer(page).getByText('Body, no JSON')).toBeVisible()
  await drawer(page).getByRole('tab', { name: 'Raw' }).click()
  await drawer(page).getByText('Hex').click()
  await expect(drawer(page).getByText(/^0000: 7b7b 226f/)).toBeVisible()
  await drawer(page).getByRole('tab', { name: 'Edit and redrive' }).click()
  await expect(drawer(page).getByText('consumer-email would give 1 message up again')).toBeVisible()
  const editor = drawer(page).getByRole('textbox', { name: 'Payload' })
  await editor.fill(JSON.stringify(data))
  await expect(drawer(page).getByText('1 change, valid')).toBeVisible()
  await drawer(page).getByRole('button', { name: 'Redrive edited' }).click()
  await expect(drawer(page).getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
})

test('while the dead letters cannot be read the list says why, and comes back by itself', async ({ page }) => {
  await page.route('**/api/dead-letters?**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        ...{ type: '/problems/broker_down', title: 'The broker does not answer', status: 503, code: 'broker_down' },
        detail: 'connection refused',
      }),
    }),
  )
  await page.goto('/?dock=dead-letters')
  await expect(dock(page).getByText('The broker does not answer')).toBeVisible()
  await page.unroute('**/api/dead-letters?**')
  await expect(dock(page).getByText('The broker does not answer')).toHaveCount(0)
})
