import type { APIRequestContext, Page } from '@playwright/test'
import { childPids } from '../test/child-pids.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

const failed = {
  type: 'payment_failed',
  data: { orderId: '4f7a2c1e-93d0-4b6e-8a51-2c7de09f14b8', reason: 'card_declined' },
}
const dock = (page: Page) => page.getByRole('region', { name: 'Dock' })

async function burst(request: APIRequestContext, count: number): Promise<void> {
  const answer = await request.post('/api/bursts', { data: { type: 'user_signup', count, ratePerSecond: 300 } })
  expect(answer.status(), await answer.text()).toBe(202)
  const { id } = await answer.json()
  const state = async () =>
    (await (await request.get('/api/bursts')).json()).items.find((one: { id: string }) => one.id === id)?.state
  await expect.poll(state, { timeout: 60_000 }).toBe('done')
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-message]')?.getAttribute('data-message'))

test('the list of messages follows, stands still, goes back and is walked by J and K', async ({ page, request }) => {
  await burst(request, 240)
  await page.goto('/?dock=messages')
  const table = dock(page).getByRole('table')
  const rows = table.locator('[data-message]')
  await expect(rows.last()).toBeInViewport()
  await expect(page.getByText(/Following/)).toBeVisible()
  // Only those in sight are drawn.
  expect(await rows.count()).toBeLessThan(60)

  await page.keyboard.press('k')
  await expect.poll(() => focused(page)).toBe(await rows.last().getAttribute('data-message'))
  const newest = await focused(page)
  await page.keyboard.press('k')
  await expect.poll(() => focused(page)).not.toBe(newest)
  await page.keyboard.press('j')
  await expect.poll(() => focused(page)).toBe(newest)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary')).toContainText(String(newest))
  await page.keyboard.press('k')
  await expect(page.getByRole('complementary')).not.toContainText(String(newest))
  await page.goto('/?dock=messages')

  await expect(rows.last()).toBeInViewport()
  const loaded = Number(await table.getAttribute('aria-rowcount'))
  await table.hover()
  await page.mouse.wheel(0, -400)
  await expect(page.getByText(/Standing still/)).toBeVisible()
  const { id } = await (await request.post('/event', { data: failed })).json()
  await expect(dock(page).getByRole('button', { name: '1 new' })).toBeVisible()
  await expect(page.locator(`[data-message="${id}"]`)).toHaveCount(0)
  await page.mouse.wheel(0, -40_000)
  await expect.poll(async () => Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(loaded)
  await dock(page).getByRole('button', { name: '1 new' }).click()
  await expect(page.locator(`[data-message="${id}"]`)).toBeInViewport()
  await expect(page.getByText(/Following/)).toBeVisible()
})

test('what is on screen is read again when the lab is back', async ({ page, lab }) => {
  await page.goto('/event-types')
  // The sheet itself: the graph has the names of the types too.
  await expect(page.getByText('Choose a type, or make one')).toBeVisible()
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  const banner = page.getByText('The lab does not answer.')
  let killed = 0
  await until('the banner', async () => {
    const pid = childPids(lab.dataDir).web ?? killed
    if (pid !== killed) process.kill(pid, 'SIGKILL')
    killed = pid
    return banner.isVisible()
  })
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/event-types') && response.ok(), {
    timeout: 90_000,
  })
  // What was read stays in sight.
  await expect(page.getByText('user_signup').first()).toBeVisible()
  await answer
  await expect(banner).toHaveCount(0)
})
