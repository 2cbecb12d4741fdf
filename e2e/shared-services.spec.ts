import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { type Lab, startLab } from '../test/lab.ts'

/** Simulated services in one process, enough of them to be drawn as groups. */
const names = (group: string): string[] => Array.from({ length: 13 }, (_, n) => `${group}-s${n + 1}`)
const service = (name: string): string => `  ${name}: { receives: [order_placed], simulate: { work: { fixed: 5ms } } }`
const file = `apiVersion: faultline/v1
kind: Lab
metadata: { name: shared }
processes: shared
services:
  shop: { sends: [order_placed] }
${[...names('payment'), ...names('shipping')].map(service).join('\n')}
flows:
  checkout: { starts: order_placed, ends: [payment_done], within: 60s }
`.replace(
  '  payment-s1: { receives: [order_placed], ',
  '  payment-s1: { receives: [order_placed], sends: [payment_done], ',
)

const test = base.extend<{ baseURL: string }, { lab: Lab }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'faultline-shared-'))
      const path = join(folder, 'faultline.yaml')
      writeFileSync(path, file)
      const lab = await startLab({ FAULTLINE_LAB: path })
      await use(lab)
      await lab.stop()
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ lab }, use) => use(lab.url),
})

test('a service of a shared process works, and a fault of its process is refused with the reason', async ({
  page,
  request,
}) => {
  const answer = await request.post('/event', { data: { type: 'order_placed', data: {} } })
  const { id } = await answer.json()
  await expect
    .poll(async () => (await (await request.get(`/api/flows/${encodeURIComponent(id)}`)).json()).state, {
      timeout: 60_000,
    })
    .toBe('ended')

  const refused = await request.post('/api/faults', {
    data: { type: 'process.kill', target: { service: 'payment-s1' } },
  })
  expect(refused.status()).toBe(422)
  const problem = await refused.json()
  expect(problem.code).toBe('fault_not_possible')
  expect(JSON.stringify(problem)).toContain('payment-s1 shares its process with other simulated services')

  await page.goto('/?open=payment-&node=consumer%3Apayment-s1&tab=faults')
  const drawer = page.getByRole('complementary', { name: 'payment-s1, consumer' })
  await expect(drawer).toBeVisible()
  await expect(drawer.getByRole('radio', { name: /^handler\.error/ })).toHaveCount(1)
  await expect(drawer.getByRole('radio', { name: /^process\./ })).toHaveCount(0)
  await expect(drawer.getByText('shares its process and links')).toBeVisible()
})

test('a group out of view has a pill at the edge, which brings it into view', async ({ page }) => {
  await page.goto('/?panel=none')
  const card = page.locator('[data-id="group:shipping-"]')
  await expect(card).toBeVisible()
  const pill = page.getByRole('button', { name: 'shipping- 13 services, out of view' })
  await expect(pill).toHaveCount(0)
  const box = await card.boundingBox()
  // The graph is dragged to the side until the card has left it.
  const stage = await page.locator('.react-flow__pane').boundingBox()
  expect(box && stage).not.toBeNull()
  // Level with the middle: the map and the tools are below it.
  const y = (stage?.y ?? 0) + (stage?.height ?? 0) / 2
  for (let drags = 0; drags < 4 && (await pill.count()) === 0; drags += 1) {
    await page.mouse.move((stage?.x ?? 0) + 40, y)
    await page.mouse.down()
    await page.mouse.move((stage?.x ?? 0) + (stage?.width ?? 0) - 40, y, { steps: 5 })
    await page.mouse.up()
  }
  await expect(pill).toBeVisible()
  await pill.click()
  await expect(pill).toHaveCount(0)
  await expect(card).toBeInViewport()
  await expect(card).toBeFocused()

  // Above the view: the pill is below the heads of the columns, and the keyboard leads on from the group.
  const [x, top, bottom] = [
    (stage?.x ?? 0) + (stage?.width ?? 0) / 2,
    (stage?.y ?? 0) + 80,
    (stage?.y ?? 0) + (stage?.height ?? 0) * 0.75,
  ]
  for (let drags = 0; drags < 6 && (await pill.count()) === 0; drags += 1) {
    await page.mouse.move(x, bottom)
    await page.mouse.down()
    await page.mouse.move(x, top, { steps: 5 })
    await page.mouse.up()
  }
  await expect(pill).toBeVisible()
  expect((await pill.boundingBox())?.y).toBeGreaterThanOrEqual((stage?.y ?? 0) + 36)
  await pill.press('Enter')
  await expect(pill).toHaveCount(0)
  await expect(card).toBeFocused()
})

test('on a phone the flows of the lab are listed and opened', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const { id } = await (await request.post('/event', { data: { type: 'order_placed', data: {} } })).json()
  await page.goto('/')
  await page.getByRole('link', { name: /^Flows/ }).click()
  await page.locator(`[data-flow="${id}"]`).click()
  const drawer = page
    .getByRole('complementary', { name: /^Flow #/ })
    .or(page.getByRole('complementary', { name: /^Flow checkout #/ }))
  await expect(drawer).toBeVisible()
  await expect(drawer.getByText('Ended: payment_done')).toBeVisible()
  await page.getByRole('button', { name: 'Close' }).first().click()
  await expect(page.locator(`[data-flow="${id}"]`)).toBeVisible()
})
