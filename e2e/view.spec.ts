import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { childPids } from '../test/child-pids.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

/** Without frames: a mail is shown in one that runs no script, where the checker could never answer. */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true).exclude('iframe')

test('a reload keeps the view', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'consumer-db, consumer' }).click()
  await page.getByRole('complementary').getByRole('tab', { name: 'Metrics' }).click()
  await page.getByRole('tab', { name: 'Charts' }).click()
  const url = page.url()
  await page.reload()
  expect(page.url()).toBe(url)
  await expect(page.getByRole('complementary').getByRole('tab', { name: 'Metrics' })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await expect(page.getByRole('tab', { name: 'Charts' })).toHaveAttribute('aria-selected', 'true')
  await page.goBack()
  await expect(page.getByRole('tab', { name: 'Live messages' })).toHaveAttribute('aria-selected', 'true')
})

for (const theme of ['light', 'dark'] as const) {
  for (const path of [
    '/',
    '/?node=consumer%3Aconsumer-db',
    '/?ledger=open',
    '/?dock=charts',
    '/?dock=dead-letters&redrive=all',
    '/?dock=dead-letters&redrive=run%3Anone',
    '/?dock=outbox',
    '/?dock=log',
    '/?node=consumer%3Aconsumer-db&tab=faults',
    '/?edge=consumer%3Aconsumer-db-%3Eeffect%3Adatabase&tab=faults',
    '/publish',
    '/publish/burst',
    '/event-types/new-type',
  ]) {
    test(`axe finds nothing serious on ${path}, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(path)
      await expect(page.getByRole('button', { name: 'producer, producer' })).toBeVisible()
      const { violations } = await axe(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    })
  }
}

test('a phone gets a reading view, with the faults in effect', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Messages' })).toBeVisible()
  await request.post('/api/faults', { data: { type: 'link.latency', target: 'producer->broker', durationMs: 600_000 } })
  const fault = page.getByRole('listitem').filter({ hasText: 'link.latency' })
  await expect(fault).toContainText('producer → broker')
  await expect(fault).toContainText(/of 10 min/)
  const { violations } = await axe(page).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id)).toEqual(
    [],
  )
  await request.delete('/api/faults')
  await expect(fault).toHaveCount(0)
})

test('when the control plane is killed the page says so and comes back by itself', async ({ page, lab }) => {
  await page.goto('/')
  await expect(page.getByText(/Following/)).toBeVisible()
  // Only a live page can lose the lab: one that was never connected waits for it.
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  // The supervisor is quick, and a reader does not see what is mended before it is drawn: killed until it shows, with
  // a longer pause before each start.
  const banner = page.getByText('The lab does not answer.')
  let killed = 0
  await until('the banner', async () => {
    const pid = childPids(lab.dataDir).web ?? killed
    if (pid !== killed) process.kill(pid, 'SIGKILL')
    killed = pid
    return banner.isVisible()
  })
  await expect(page.getByText(/Following/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('The lab does not answer.')).toHaveCount(0)
})
