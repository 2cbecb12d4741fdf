import { readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext, Page } from '@playwright/test'
import { collisions } from './overlaps.ts'
import { expect, test } from './with-chain.ts'

const serious = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .exclude('iframe')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

let orders = 0
/** Places an order and waits until its flow has ended and all of it is settled; the id of its first event. */
async function placeOrder(request: APIRequestContext): Promise<string> {
  orders += 1
  const orderId = `order-${Date.now()}-${orders}`
  const answer = await request.post('/event', { data: { type: 'order_placed', data: { orderId } } })
  const { id } = (await answer.json()) as { id: string }
  await expect
    .poll(
      async () => {
        const flow = (await (await request.get(`/api/flows/${encodeURIComponent(id)}`)).json()) as {
          state?: string
          unsettled?: number
        }
        return `${flow.state} ${flow.unsettled}`
      },
      { timeout: 60_000 },
    )
    .toBe('ended 0')
  return id
}

test('a chain is drawn by stages, one card for each service', async ({ page, request }) => {
  await placeOrder(request)
  await page.goto('/?panel=none')
  for (const name of ['shop, producer', 'payment, consumer', 'warehouse, consumer', 'consumer-db, consumer']) {
    await expect(page.getByRole('button', { name })).toBeVisible()
  }
  await expect(page.getByText('Stage 1, starts')).toBeVisible()
  await expect(page.getByText('Stage 4, ends')).toBeVisible()
  await expect(page.locator('.react-flow__node')).toHaveCount(7)
  // Queues and dead letters are in the cards of their services.
  await expect(page.getByRole('button', { name: /, queue$/ })).toHaveCount(0)
  const places = await page
    .locator('.react-flow__node')
    .evaluateAll((nodes) =>
      nodes.map((node) => [node.getAttribute('data-id'), node.getBoundingClientRect().x] as const),
    )
  const inOrder = [...places].sort(([, a], [, b]) => a - b).map(([id]) => id)
  expect(inOrder).toEqual([
    ...['producer:shop', 'topic:order_placed', 'consumer:payment', 'topic:payment_captured', 'consumer:warehouse'],
    ...['topic:shipment_sent', 'consumer:consumer-db'],
  ])
})

test('the arrow keys follow the chain, and Enter opens a service', async ({ page }) => {
  await page.goto('/?panel=none')
  await page.getByRole('button', { name: 'shop, producer' }).focus()
  for (let hop = 0; hop < 4; hop += 1) await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: 'warehouse, consumer' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'warehouse, consumer' })).toBeVisible()
})

test('a flow is listed, opened, followed on the graph, and left', async ({ page, request }) => {
  const id = await placeOrder(request)
  await page.goto('/?panel=none')
  await page.getByRole('tab', { name: 'Flows' }).click()
  await expect(page.getByText('started', { exact: false }).first()).toBeVisible()
  await page.locator(`[data-flow="${id}"]`).click()
  const drawer = page.getByRole('complementary', { name: /^Flow checkout #/ })
  await expect(drawer).toBeVisible()
  await expect(drawer.getByText('Ended: shipment_sent')).toBeVisible()
  await expect(drawer.getByRole('tab', { name: 'Events 3' })).toBeVisible()
  for (const event of ['order_placed', 'payment_captured', 'shipment_sent']) {
    await expect(drawer.getByRole('link', { name: event, exact: true })).toBeVisible()
  }
  await expect(page.locator('.edge--path')).not.toHaveCount(0)
  await page.reload()
  await expect(drawer.getByText('Ended: shipment_sent')).toBeVisible()

  await drawer.getByRole('link', { name: 'payment_captured', exact: true }).click()
  const message = page.getByRole('complementary', { name: 'Message' })
  await expect(message.getByText('caused by')).toBeVisible()
  await expect(message.getByRole('link', { name: 'order_placed' })).toBeVisible()
  await expect(message.getByRole('link', { name: 'shipment_sent' })).toBeVisible()
  await message.getByRole('link', { name: /^checkout #/ }).click()
  await expect(drawer).toBeVisible()
  // A service that is looked at meanwhile leads back to the flow.
  await page.getByRole('button', { name: 'warehouse, consumer' }).click()
  await expect(page.getByRole('complementary', { name: 'warehouse, consumer' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeVisible()
  await page.getByRole('button', { name: /Leave flow/ }).click()
  await expect(drawer).toHaveCount(0)
  await expect(page.locator('.edge--path')).toHaveCount(0)
})

test('the sum of the flows adds up, and its numbers list their flows', async ({ page, request }) => {
  await placeOrder(request)
  await page.goto('/?dock=flows&panel=none')
  const number = async (word: string): Promise<number> =>
    Number((await page.getByRole('link', { name: new RegExp(`^[\\d,]+ ${word}$`) }).textContent())?.replace(/\D/g, ''))
  await expect(page.getByRole('link', { name: /^\d+ started$/ })).toBeVisible()
  expect(await number('started')).toBe((await number('open')) + (await number('ended')) + (await number('overdue')))
  await page.getByRole('link', { name: /^\d+ overdue$/ }).click()
  await expect(page.getByText('No flow fits the filters')).toBeVisible()
  await page.getByRole('button', { name: 'Take the filters off' }).click()
  await expect(page.getByText('ended by shipment_sent').first()).toBeVisible()
})

test('the lab is edited as a file: a problem, a plan, applied while messages flow, and undone', async ({
  page,
  request,
  lab,
}) => {
  test.setTimeout(240_000)
  await page.goto('/lab')
  const sheet = page.getByRole('complementary', { name: 'Lab file' })
  const editor = sheet.getByRole('textbox', { name: 'faultline.yaml' })
  await expect(editor).toContainText('consumer-db')
  await editor.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('nonsense: 1')
  await expect(sheet.getByText('No plan while the file has a problem')).toBeVisible()
  await expect(sheet.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await sheet.getByRole('button', { name: 'Discard' }).click()
  await expect(sheet.getByText('As the lab is')).toBeVisible()

  await sheet.getByText('Form', { exact: true }).click()
  await sheet.getByRole('button', { name: 'Service', exact: true }).click()
  await expect(page.getByRole('button', { name: 'service, consumer' })).toBeVisible()
  await expect(sheet.getByRole('list', { name: 'Plan of changes' })).toContainText('service')
  await sheet.getByRole('button', { name: 'Apply' }).click()
  await expect(sheet.getByText('Applied')).toBeVisible({ timeout: 90_000 })
  await placeOrder(request)
  await expect.poll(async () => (await (await request.get('/api/lab')).json()).saved).toBe('unsaved')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await expect(sheet.getByRole('button', { name: 'Save' })).toHaveCount(0)
  expect(readFileSync(lab.file, 'utf8')).toContain('service: {')
})

for (const theme of ['light', 'dark'] as const) {
  for (const path of ['/?panel=none', '/?dock=flows', '/lab', '/lab?as=form&node=consumer%3Apayment']) {
    test(`axe finds nothing serious on a chain at ${path}, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.goto(path)
      await expect(page.getByRole('button', { name: 'payment, consumer' })).toBeVisible()
      expect(await serious(page)).toEqual([])
    })
  }
}

for (const [width, height] of [
  [390, 844],
  [720, 450],
  [960, 700],
  [1_280, 800],
  [1_440, 900],
  [1_920, 1_080],
] as const) {
  test(`nothing of a chain overlaps at ${width} px`, async ({ page, request }) => {
    const id = await placeOrder(request)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    const paths = ['/?panel=none', '/?dock=flows', `/?dock=flows&flow=${encodeURIComponent(id)}`, '/lab']
    for (const path of width < 600 ? ['/'] : paths) {
      await page.goto(path)
      await expect(page.getByText('Waiting for the lab')).toHaveCount(0)
      await expect.poll(() => collisions(page), { message: path }).toEqual([])
    }
  })
}
