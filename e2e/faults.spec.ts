import type { Page } from '@playwright/test'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

const consumerDb = 'consumer:consumer-db'
const toDatabase = 'consumer:consumer-db->effect:database'
const at = (what: 'node' | 'edge', id: string): string => `/?${what}=${encodeURIComponent(id)}&tab=faults`

/** `fields`: what is typed into which; a slow machine must not see a fault end by itself. */
const inject = async (page: Page, fault: string, fields: Record<string, string>): Promise<void> => {
  await page.getByRole('radio', { name: new RegExp(`^${fault.replace('.', '\\.')}`) }).check({ force: true })
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Inject', exact: true }).click()
  await expect(
    page.getByRole('article', { name: new RegExp(`^${fault.replace('.', '\\.')} on .*, active$`) }),
  ).toBeVisible()
}

test.afterEach(async ({ request }) => {
  await request.delete('/api/faults')
})

test('faults injected from the drawers are seen on the graph, on the charts and in the log, and Heal all ends them', async ({
  page,
  request,
}) => {
  test.setTimeout(240_000)
  // Bytes on the link are what a slow link is seen by.
  const burst = await request.post('/api/bursts', {
    data: { type: 'order_placed', durationMs: 60_000, ratePerSecond: 10 },
  })
  const { id: burstId } = await burst.json()
  await page.goto(at('edge', toDatabase))
  await inject(page, 'link.latency', { Lasts: '' })
  await page.goto(at('node', consumerDb))
  await inject(page, 'process.pause', { Duration: '600000' })

  const node = page.getByRole('button', { name: /consumer-db, consumer.*2 faults/ })
  await expect(node).toContainText('process.pause on consumer-db, active')
  await expect(
    page.getByRole('button', {
      name: /Link from consumer-db to database, under fault: link\.latency on consumer-db → database, active/,
    }),
  ).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Faults 2' })).toBeVisible()

  await page.getByRole('tab', { name: 'Charts' }).click()
  const bands = page.getByRole('figure', { name: 'Throughput' }).getByRole('list', { name: 'Faults' })
  await expect(bands).toContainText('process.pause on consumer-db')
  await expect(bands).toContainText('link.latency on consumer-db → database')
  await page.getByRole('complementary').getByRole('tab', { name: 'Metrics' }).click()
  await expect(
    page.getByRole('figure', { name: 'Unsettled' }).last().getByRole('list', { name: 'Faults' }),
  ).toContainText('process.pause on consumer-db')

  await page.getByRole('tab', { name: 'Event log' }).click()
  const log = page.getByRole('region', { name: 'Event log, newest first' })
  await expect(log.getByText('process.pause on consumer-db takes effect')).toBeVisible()
  await page.getByLabel('Search the event log').fill('link.latency effect')
  await log.getByRole('link', { name: 'consumer-db → database' }).first().click()
  await expect(page.getByRole('complementary', { name: 'Link' }).getByRole('article')).toBeVisible()
  await page.reload()
  await expect(log.getByText(/link\.latency .* takes effect/).first()).toBeVisible()

  await page.getByRole('button', { name: 'Heal all 2' }).click()
  await expect(page.getByRole('button', { name: 'Heal all', exact: true })).toBeDisabled()
  await expect(page.getByRole('button', { name: /under fault/ })).toHaveCount(0)
  await page.getByLabel('Search the event log').fill('is healed')
  await expect(log.getByText('process.pause on consumer-db is healed')).toBeVisible()
  await request.delete(`/api/bursts/${burstId}`)
})

test('a wrong value is answered at its field and nothing is injected; a fault can wait and be called off', async ({
  page,
  request,
}) => {
  await page.goto(at('node', 'consumer:consumer-email'))
  await page.getByText('Handler', { exact: true }).click()
  await page.getByRole('radio', { name: /^handler\.latency/ }).check({ force: true })
  await page.getByLabel('Latency', { exact: true }).fill('-5')
  await page.getByRole('button', { name: 'Inject', exact: true }).click()
  const field = page.getByLabel('Latency', { exact: true })
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toBeFocused()
  await expect(field).toHaveAccessibleDescription(/>=0/)
  expect(
    (await (await request.get('/api/faults')).json()).items.filter(
      (one: { type: string }) => one.type === 'handler.latency',
    ),
  ).toEqual([])

  await field.fill('20')
  await page.getByLabel('Starts in').fill('600')
  await page.getByRole('button', { name: 'Inject', exact: true }).click()
  const card = page.getByRole('article', { name: 'handler.latency on consumer-email, scheduled' })
  await expect(card).toBeVisible()
  await expect(page.getByRole('button', { name: /consumer-email, consumer.*1 scheduled/ })).toBeVisible()
  await card.getByRole('button', { name: 'Cancel' }).click()
  await expect(card).toHaveCount(0)
})

test('only what a place can have is offered there', async ({ page }) => {
  await page.goto(at('node', 'effect:mailbox'))
  const types = page.getByRole('group', { name: 'Fault' }).getByRole('radio')
  await expect(types).toHaveCount(5)
  for (const radio of await types.all()) await expect(radio).toHaveAccessibleName(/^link\./)
  await page.goto(at('node', 'queue:consumer-db'))
  // What befalls the broker as a whole, and what its simulator can do to single requests.
  await expect(page.getByRole('group', { name: 'Fault' }).getByRole('radio', { name: /^broker\./ })).toHaveCount(2)
  await expect(types).toHaveCount(13)
  for (const radio of await types.all()) await expect(radio).toHaveAccessibleName(/^(?:broker|simulator)\./)
})

test('a message that was in flight when its worker was killed says so', async ({ page, request }) => {
  const post = (path: string, data: unknown) => request.post(path, { data })
  await post('/api/faults', {
    ...{ type: 'handler.latency', target: 'consumer-db', params: { latencyMs: 1_000 } },
    durationMs: 60_000,
  })
  const data = {
    orderId: crypto.randomUUID(),
    email: 'ada@example.com',
    items: [{ sku: 'a', qty: 1, price: 2 }],
    total: 2,
  }
  const { id } = await (await post('/event', { type: 'order_placed', data })).json()
  type Group = { group: string; state: string; attempts: { outcome?: string; endedBy?: { how: string } }[] }
  const atDb = async (): Promise<Group | undefined> =>
    (await (await request.get(`/api/messages/${id}`)).json()).obligations.find(
      ({ group }: Group) => group === 'consumer-db',
    )
  await until('its handler runs', async () => (await atDb())?.state === 'handling')
  await post('/api/faults', { type: 'process.kill', target: 'consumer-db', params: { restartAfterMs: 500 } })
  const group = await until(
    'it is delivered',
    async () => {
      const now = await atDb()
      return now?.state === 'delivered' ? now : undefined
    },
    90_000,
  )
  expect(group.attempts[0]).toMatchObject({ outcome: 'interrupted', endedBy: { how: 'SIGKILL' } })
  await page.goto(`/?message=${encodeURIComponent(id)}`)
  const waterfall = page.getByRole('region', { name: 'Waterfall' })
  await expect(waterfall).toContainText(/visibility timed out after kill of consumer-db-\d/)
  await expect(waterfall).toContainText('delivered after 2 attempts')
  await expect(waterfall.getByTitle('process.kill on consumer-db')).toBeVisible()
})
