import { outboxRow } from '#contracts/api/outbox.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

test('a burst runs, is drained and leaves one row for each message', async ({ page, lab }) => {
  await page.goto('/publish/burst')
  const before = (await (await fetch(`${lab.url}/api/outbox/rows`)).json()).total
  await page.getByRole('textbox', { name: 'Messages' }).fill('600')
  await page.getByRole('textbox', { name: 'Rate' }).fill('200')
  await page.getByRole('button', { name: /^Start/ }).click()
  await expect(page.getByText('Running')).toBeVisible()
  await expect(page.getByRole('progressbar').first()).toBeVisible()
  const last = await until('the burst to end', async () => {
    const { items } = await (await fetch(`${lab.url}/api/bursts`)).json()
    return items[0]?.state === 'done' ? items[0] : undefined
  })
  expect(last).toMatchObject({ requested: 600, attempted: 600, acked: 600, failed: 0, indeterminate: 0 })
  await until('all rows', async () => (await (await fetch(`${lab.url}/api/outbox/rows`)).json()).total === before + 600)
  const { items } = await (await fetch(`${lab.url}/api/outbox/rows?limit=1`)).json()
  expect(outboxRow.parse(items[0]).type).toBe('user_signup')
  await expect(page.locator('[data-card], [role=button]').filter({ hasText: /lag 0/ }).first()).toBeVisible()
})

test('a burst that is stopped says so and counts what it attempted', async ({ lab }) => {
  const post = await fetch(`${lab.url}/api/bursts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'payment_failed', durationMs: 60_000, ratePerSecond: 50 }),
  })
  expect(post.status).toBe(202)
  const { id } = await post.json()
  const read = async () => (await fetch(`${lab.url}/api/bursts/${id}`)).json()
  await until('some messages', async () => (await read()).acked > 10)
  expect((await fetch(`${lab.url}/api/bursts/${id}`, { method: 'DELETE' })).ok).toBe(true)
  const end = await until('the end', async () => {
    const now = await read()
    return now.state === 'running' ? undefined : now
  })
  expect(end.state).toBe('stopped')
  expect(end.acked + end.failed + end.indeterminate).toBe(end.attempted)
})
