import type { APIRequestContext, Page } from '@playwright/test'
import { kafkaMissing } from '../test/kafka.ts'
import { expect, test } from './with-lab.ts'

const noKafka = await kafkaMissing('the switch to Kafka in the browser')

const publish = async (request: APIRequestContext): Promise<string> => {
  const data = { email: 'ada@example.com' }
  const answer = await request.post('/event', { data: { type: 'user_signup', data } })
  expect(answer.status()).toBe(202)
  return (await answer.json()).id
}
const message = async (request: APIRequestContext, id: string) => (await request.get(`/api/messages/${id}`)).json()
const settled = async (request: APIRequestContext, id: string) =>
  (await message(request, id)).obligations.map(({ state }: { state: string }) => state)

const brokerButton = (page: Page, name: string) =>
  page.getByRole('group', { name: 'Broker' }).getByRole('button', { name: new RegExp(`^${name}`) })

/** Asks the top bar for another broker, by keyboard, as anyone who uses no pointer does, and waits until the lab runs on it. */
async function switchTo(page: Page, to: string): Promise<void> {
  await brokerButton(page, to).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Broker' })
  await expect(dialog).toContainText('Events and bursts are refused meanwhile')
  await dialog.getByRole('button', { name: `Switch to ${to}` }).click()
  await expect(dialog.getByRole('list', { name: 'Steps' })).toBeVisible()
  await expect(brokerButton(page, to)).toHaveAttribute('aria-pressed', 'true', { timeout: 90_000 })
  await expect(dialog).toContainText(`The lab runs on ${to}`)
  await dialog.getByRole('button', { name: 'Close' }).click()
}

test('the lab moves from Local to Redis and back, and every message stays labelled', async ({ page, request }) => {
  test.setTimeout(240_000)
  const onLocal = await publish(request)
  await page.goto('/')
  await expect(brokerButton(page, 'Local')).toHaveAttribute('aria-pressed', 'true')

  for (const [to, key] of [
    ['Redis', 'redis'],
    ['Local', 'local'],
  ] as const) {
    await switchTo(page, to)
    const id = await publish(request)
    expect((await message(request, id)).broker).toBe(key)
    await expect.poll(() => settled(request, id)).toEqual(['delivered', 'delivered'])
  }
  expect((await message(request, onLocal)).broker).toBe('local')
  const { items } = await (await request.get('/api/messages?broker=redis')).json()
  expect(items).toHaveLength(1)
})

test('on Kafka the page shows partitions, who reads them, and each rebalance', async ({ page, request }) => {
  test.skip(noKafka !== undefined, noKafka)
  test.setTimeout(240_000)
  await page.goto('/')
  await switchTo(page, 'Kafka')
  const id = await publish(request)
  await expect.poll(() => settled(request, id)).toEqual(['delivered', 'delivered'])
  expect((await message(request, id)).broker).toBe('kafka')

  // The node and its drawer: six partitions, and one of them has the message.
  await expect(page.getByRole('button', { name: 'user_signup, topic' })).toContainText('6 partitions')
  await page.goto('/?node=topic:user_signup')
  const drawer = page.getByRole('complementary')
  const partitions = drawer.locator('section', { has: page.getByRole('heading', { name: 'Partitions' }) })
  const ofEmail = partitions.getByRole('rowgroup').filter({ hasText: 'consumer-email' })
  await expect(ofEmail.getByRole('row', { name: /^\d replica 1\b/ })).toHaveCount(6)
  await expect(partitions).toContainText('no lag')
  await expect(ofEmail.getByRole('row', { name: /^\d replica 1 1 1 0/ })).toHaveCount(1)

  await page.goto('/?node=consumer:consumer-email&dock=log&log=rebalance')
  const assignment = drawer.locator('section', { has: page.getByRole('heading', { name: 'Assignment' }) })
  const generation = async () => Number(/generation (\d+)/.exec((await assignment.textContent()) ?? '')?.[1])
  await expect(assignment).toContainText('consumer-email-1')
  await expect(assignment).toContainText(/user_signup 0–5/)
  const before = await generation()
  const stepper = page.getByRole('group', { name: 'Replicas of consumer-email' })
  await stepper.getByRole('button', { name: 'One replica more' }).click()
  const readers = assignment.getByRole('listitem').filter({ hasText: 'user_signup' })
  await expect(readers).toHaveCount(2)
  await expect(readers.filter({ hasText: 'user_signup 0–5' })).toHaveCount(0)
  await expect.poll(generation).toBeGreaterThan(before)
  const log = page.getByRole('region', { name: 'Event log, newest first' })
  await expect(log).toContainText(/consumer-email-2 joined generation \d+ of consumer-email and reads .*user_signup/)
  await expect(log).toContainText(/generation \d+ of consumer-email: consumer-email-1 reads/)

  // The same on the time axis.
  await page.getByRole('tab', { name: 'Charts' }).click()
  const ticks = page.getByRole('list', { name: 'Rebalances' }).first().getByRole('listitem')
  await expect(ticks.filter({ hasText: 'consumer-email' }).first()).toBeAttached()

  await request.put('/api/services/consumer-email', { data: { replicas: 1 } })
  await expect(readers).toHaveCount(1)

  // What failed waits in a topic of its own, which is on the graph.
  const failing = { type: 'handler.error', target: { service: 'consumer-email' } }
  expect((await request.post('/api/faults', { data: failing })).status()).toBe(201)
  const retried = await publish(request)
  const attempts = async () =>
    (await message(request, retried)).obligations.find(({ group }: { group: string }) => group === 'consumer-email')
      ?.attempts.length
  await expect.poll(attempts).toBeGreaterThan(0)
  await request.delete('/api/faults')
  await expect.poll(() => settled(request, retried), { timeout: 90_000 }).toEqual(['delivered', 'delivered'])
  await page.goto('/')
  const retries = page.getByRole('button', { name: /^email\.retry 1–3, retry topic/ })
  await retries.focus()
  await page.keyboard.press('Enter')
  await expect(drawer.getByRole('row', { name: /^user_signup\.retry\.1 .* 1$/ })).toBeVisible()

  await switchTo(page, 'Local')
  await expect(retries).toHaveCount(0)
  const { items } = await (await request.get('/api/messages?broker=kafka')).json()
  expect(items.map((item: { id: string }) => item.id)).toEqual([retried, id])
  await page.goto('/?node=consumer:consumer-email')
  await expect(stepper).toBeVisible()
  await expect(drawer.getByRole('heading', { name: 'Assignment' })).toHaveCount(0)
})

test('a worker is given another replica and loses it again', async ({ page, request }) => {
  await page.goto('/?node=consumer:consumer-email')
  const stepper = page.getByRole('group', { name: 'Replicas of consumer-email' })
  await stepper.getByRole('button', { name: 'One replica more' }).click()
  await expect(page.getByLabel('consumer-email, consumer').getByText('2 of 2 up')).toBeVisible()
  await stepper.getByRole('button', { name: 'One replica fewer' }).click()
  await expect(page.getByRole('alertdialog')).toContainText('Stop consumer-email-2?')
  await page.getByRole('button', { name: 'Stop it' }).click()
  await expect(page.getByLabel('consumer-email, consumer').getByText('1 of 1 up')).toBeVisible()
  const { items } = await (await request.get('/api/services')).json()
  expect(items.find(({ name }: { name: string }) => name === 'consumer-email')).toMatchObject({ wanted: 1 })
})
