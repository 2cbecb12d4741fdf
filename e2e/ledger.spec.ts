import type { APIRequestContext, Page } from '@playwright/test'
import { expect, test } from './with-lab.ts'

const ledger = (page: Page) => page.getByRole('region', { name: 'Ledger' })
const panel = (page: Page) => page.getByRole('dialog', { name: 'Ledger by group' })

/** A figure of the bar; the lab is shared with other tests, so only its change says something. */
const figure = async (page: Page, word: string): Promise<number> => {
  const text = await ledger(page)
    .getByRole('link', { name: new RegExp(` ?${word}$`) })
    .textContent()
  return Number((text ?? '').replace(/\D/g, ''))
}

async function publish(request: APIRequestContext, email: string): Promise<string> {
  const answer = await request.post('/event', { data: { type: 'user_signup', data: { email } } })
  expect(answer.status()).toBe(202)
  return (await answer.json()).id
}

const failing = async (request: APIRequestContext): Promise<string[]> => {
  const { anomalies } = await (await request.get('/api/ledger')).json()
  return anomalies.flatMap(({ name, failing: found, samples }: { name: string; failing: number; samples: string[] }) =>
    found > 0 ? [`${name}: ${found} (${samples.join(', ')})`] : [],
  )
}

test('the bar moves with a publish, and a number of the expansion opens its messages', async ({ page, request }) => {
  await page.goto('/')
  await expect(ledger(page).getByText(/\d group/)).toBeVisible()
  // What the tests before left under way would be counted too.
  await expect
    .poll(async () => {
      const { groups } = await (await request.get('/api/ledger')).json()
      const sum = (name: string): number =>
        groups.reduce((all: number, group: Record<string, number>) => all + (group[name] ?? 0), 0)
      return [sum('waiting') + sum('handling') + sum('retrying'), (await figure(page, 'delivered')) - sum('delivered')]
    })
    .toEqual([0, 0])
  const before = await figure(page, 'delivered')
  const id = await publish(request, 'ledger@example.com')
  // One message owed to two groups is two obligations.
  await expect.poll(() => figure(page, 'delivered')).toBe(before + 2)
  await expect(ledger(page).getByRole('img')).toHaveAccessibleName(/of [\d,]+ obligations delivered/)

  await ledger(page)
    .getByRole('button', { name: /^Ledger/ })
    .focus()
  await page.keyboard.press('Enter')
  await expect(panel(page)).toBeFocused()
  await expect(panel(page).getByText('balances in every row')).toBeVisible()
  await expect(panel(page).getByRole('rowheader', { name: 'consumer-db' })).toBeVisible()
  for (const source of ['producer', 'consumer-email', 'consumer-db']) {
    await expect(
      panel(page)
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^${source}`) }),
    ).toContainText('no gap')
  }
  await page.reload()
  await panel(page)
    .getByRole('link', { name: /delivered of user_signup/ })
    .first()
    .click()
  await expect(page).toHaveURL(/group=consumer-db/)
  await expect(page).toHaveURL(/state=delivered/)
  await expect(page).toHaveURL(/topic=user_signup/)
  await expect(page.locator(`[data-message="${id}"]`)).toBeVisible()
  await expect(page.locator('tr[data-message]:not([data-message*=":user_signup:"])')).toHaveCount(0)

  await page.keyboard.press('Escape')
  await expect(panel(page)).toHaveCount(0)
  await page.goBack()
  await expect(panel(page)).toBeVisible()
})

test('a fault is shown as retries with their due time, and as no anomaly', async ({ page, request }) => {
  const policy = { maximumAttempts: 50, initialIntervalMs: 6_000, backoffCoefficient: 1, jitter: 'none' }
  await request.put('/api/subscriptions/consumer-db', { data: { retryPolicy: policy } })
  await page.goto('/?node=consumer%3Aconsumer-db')
  const drawer = page.getByLabel('consumer-db, consumer')
  await expect(drawer.getByText('one for each message')).toBeVisible()
  const answer = await request.post('/api/faults', {
    data: {
      type: 'handler.error',
      target: { service: 'consumer-db', eventType: 'user_signup' },
      percent: 100,
      durationMs: 300_000,
      params: { errorType: 'Flaky', stage: 'before' },
    },
  })
  expect(answer.status()).toBe(201)
  const { id: fault } = await answer.json()
  const id = await publish(request, 'flaky@example.com')

  const card = page.getByRole('button', { name: 'consumer-db, consumer' })
  await expect(card).toContainText(/1 (retry in|overdue)/)
  await expect(drawer.getByRole('listitem').filter({ hasText: 'retrying' })).toContainText(/retry in|overdue|due now/)
  await drawer.getByRole('link', { name: '1 retrying: show them' }).click()
  await expect(page.locator(`[data-message="${id}"]`)).toContainText('retrying')
  await request.delete(`/api/faults/${fault}`)
  await expect
    .poll(
      async () => {
        const { obligations } = await (await request.get(`/api/messages/${id}`)).json()
        return obligations.map(({ state }: { state: string }) => state)
      },
      { timeout: 60_000 },
    )
    .toEqual(['delivered', 'delivered'])
  await ledger(page)
    .getByRole('button', { name: /^Verdict/ })
    .click()
  // The names come first: where this fails, they say more than the head of the list.
  expect(await failing(request)).toEqual([])
  await expect(panel(page).getByText('0 that fail at-least-once')).toBeVisible()
  await request.put('/api/subscriptions/consumer-db', {
    data: { retryPolicy: { initialIntervalMs: 500, backoffCoefficient: 2, jitter: 'full' } },
  })
})

test('consumer-email says that it cannot promise a single effect', async ({ page }) => {
  await page.goto('/?node=consumer%3Aconsumer-email')
  const drawer = page.getByLabel('consumer-email, consumer')
  await expect(drawer.getByText('at least one for each message')).toBeVisible()
  await expect(drawer.getByText(/Duplicates are counted/)).toBeVisible()
})

test('messages are filtered by the broker that they went to', async ({ page, request }) => {
  const id = await publish(request, 'broker@example.com')
  await page.goto('/')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('dialog', { name: 'Filters' }).getByLabel('Broker').selectOption('kafka')
  await expect(page.getByText('No message fits the filters')).toBeVisible()
  await page.getByRole('dialog', { name: 'Filters' }).getByLabel('Broker').selectOption('local')
  await expect(page.locator(`[data-message="${id}"]`)).toBeVisible()
})

test('an audit of a drained lab finds its witnesses in agreement', async ({ page, request }) => {
  const id = await publish(request, 'audit@example.com')
  await expect
    .poll(async () => {
      const { obligations } = await (await request.get(`/api/messages/${id}`)).json()
      return obligations.map(({ state }: { state: string }) => state)
    })
    .toEqual(['delivered', 'delivered'])
  const lastAt = async (): Promise<string> =>
    (await (await request.get('/api/audits/last')).json()).report?.at ?? 'none yet'
  const before = await lastAt()
  await page.goto('/?ledger=open')
  await expect(panel(page).getByText(before === 'none yet' ? 'not compared yet' : /, audited/)).toBeVisible()
  await panel(page).getByRole('button', { name: 'Audit now' }).click()
  await expect.poll(lastAt, { timeout: 60_000 }).not.toBe(before)
  await expect(panel(page).getByText(/^agree on every message, audited/)).toBeVisible({ timeout: 60_000 })
  for (const witness of ['Telemetry', 'Broker', 'Effects']) {
    await expect(
      panel(page)
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^${witness}`) }),
    ).toBeVisible()
  }
  await expect(page.getByRole('tab', { name: /^Audit \d\d:\d\d:\d\d$/ })).toHaveAttribute('aria-selected', 'true')
  const counted = page.getByRole('tabpanel', { name: /^Audit/ }).getByRole('row', { name: /^consumer-db delivered/ })
  await expect(counted.getByText('agree')).toBeVisible()

  // Who comes later reads it too.
  await page.reload()
  await expect(page.getByRole('tab', { name: /^Audit \d\d:\d\d:\d\d$/ })).toHaveAttribute('aria-selected', 'true')
  await expect(counted.getByText('agree')).toBeVisible()
})
