import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { collisions } from './overlaps.ts'
import { expect, test } from './with-lab.ts'

/** 720 × 450 is a window of 1440 × 900 at 200 % zoom. */
const windows = {
  phone: { width: 390, height: 844 },
  narrow: { width: 720, height: 450 },
  least: { width: 960, height: 700 },
  laptop: { width: 1280, height: 800 },
  usual: { width: 1440, height: 900 },
  large: { width: 1920, height: 1080 },
}

const dockParts = ['/', '/?dock=dead-letters', '/?dock=outbox', '/?dock=charts', '/?dock=log', '/?dock=audit']
const opened = [
  '/?node=consumer%3Aconsumer-db',
  '/?node=consumer%3Aconsumer-db&tab=faults',
  '/?edge=consumer%3Aconsumer-db-%3Eeffect%3Adatabase',
  '/?ledger=open',
  '/?dock=dead-letters&redrive=all',
  '/publish',
  '/publish/burst',
  '/event-types',
  '/event-types/new-type',
]
const phoneParts = ['/', '/?view=messages', '/?view=dead-letters', '/?view=charts']
const narrowParts = [...dockParts, ...opened, '/?dock=faults', '/?graph=full']

async function open(page: Page, path: string, isPhone: boolean): Promise<void> {
  await page.goto(path)
  await expect(page.getByText('Waiting for the lab')).toHaveCount(0)
  await expect(isPhone ? page.locator('[data-phone]') : page.getByRole('region', { name: 'Ledger' })).toBeVisible()
  // The last thing to come: what is measured every second.
  await expect(
    isPhone ? page.getByRole('navigation') : page.getByRole('button', { name: /Verdict/ }).first(),
  ).toBeVisible()
}

for (const [name, size] of Object.entries(windows)) {
  const paths = name === 'phone' ? phoneParts : name === 'narrow' ? narrowParts : [...dockParts, ...opened]
  test(`nothing overlaps and nothing stands out at ${size.width} px`, async ({ page, request }) => {
    test.setTimeout(300_000)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.setViewportSize(size)
    await request.post('/event', { data: { type: 'user_signup', data: { email: 'ada@example.com' } } })
    for (const path of paths) {
      await open(page, path, name === 'phone')
      await expect.poll(() => collisions(page), { message: path }).toEqual([])
    }
  })
}

for (const theme of ['light', 'dark'] as const) {
  for (const name of ['phone', 'narrow'] as const) {
    test(`axe finds nothing serious at ${windows[name].width} px, ${theme}`, async ({ page }) => {
      test.setTimeout(300_000)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize(windows[name])
      for (const path of name === 'phone' ? phoneParts : narrowParts) {
        await open(page, path, name === 'phone')
        // Without frames: a mail is shown in one that runs no script, where the checker could never answer.
        const { violations } = await new AxeBuilder({ page })
          .setLegacyMode(true)
          .exclude('iframe')
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          .analyze()
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(serious.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([])
      }
    })
  }
}

test('at 200 % zoom publish, faults, dead letters and charts are a click away', async ({ page, request }) => {
  await page.setViewportSize(windows.narrow)
  await page.goto('/')
  const tabs = page.getByRole('tablist', { name: 'What happened' })
  await tabs.getByRole('tab', { name: 'Faults' }).click()
  await page.getByLabel('Where').selectOption({ label: 'consumer-db, consumer' })
  await page.getByRole('button', { name: 'Inject' }).click()
  await expect(tabs.getByRole('tab', { name: 'Faults 1' })).toBeVisible()
  await request.delete('/api/faults')
  await tabs.getByRole('tab', { name: 'Dead letters' }).click()
  await expect(page.getByText('No dead letters')).toBeVisible()
  await tabs.getByRole('tab', { name: 'Charts' }).click()
  await expect(page.getByRole('figure', { name: 'Throughput' })).toBeVisible()
  await page.getByRole('button', { name: 'Full graph' }).click()
  await page.getByRole('button', { name: 'consumer-db, consumer' }).click()
  await expect(page.getByRole('complementary', { name: 'consumer-db, consumer' })).toBeVisible()
  await page.getByRole('link', { name: 'Publish' }).click()
  await page.getByRole('textbox', { name: 'email' }).fill('ada@example.com')
  await page.getByRole('button', { name: /^Publish/ }).click()
  await expect(page.getByText(/^Acknowledged in/)).toBeVisible()
})

test('the dock is dragged and moved by keys, holds at its heights and remembers the last one', async ({ page }) => {
  await page.goto('/')
  const grip = page.getByRole('separator', { name: 'Height of the dock' })
  const height = () => grip.getAttribute('aria-valuenow')
  await expect.poll(height).toBe('260')
  await grip.press('ArrowUp')
  await expect.poll(height).toBe('280')
  const box = await grip.boundingBox()
  const y = (box?.y ?? 0) + 4
  await page.mouse.move(400, y)
  await page.mouse.down()
  await page.mouse.move(400, y - 155, { steps: 4 })
  await page.mouse.up()
  await expect.poll(height).toBe('440')
  await page.reload()
  await expect.poll(height).toBe('440')
  await grip.dblclick({ position: { x: 300, y: 4 } })
  await expect.poll(height).toBe('260')
})

test('by keyboard the nodes come before the links, and each has a name of its own', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'producer, producer' })).toBeVisible()
  const nodes = await page.locator('.react-flow__node').count()
  const links = await page.locator('.react-flow__edge').count()
  await page.locator('.react-flow__node').first().focus()
  const kinds: string[] = []
  for (let at = 0; at < nodes + links; at += 1) {
    kinds.push(await page.evaluate(() => (document.activeElement?.matches('.react-flow__node') ? 'node' : 'link')))
    await page.keyboard.press('Tab')
  }
  expect(kinds).toEqual([...Array<string>(nodes).fill('node'), ...Array<string>(links).fill('link')])
  expect(
    await page.evaluate(() => document.activeElement?.closest('.react-flow__node, .react-flow__edge') === null),
  ).toBe(true)
  const names = await page
    .locator('.react-flow__edge')
    .evaluateAll((edges) => edges.map((edge) => edge.getAttribute('aria-label')))
  expect(new Set(names).size).toBe(links)
})

test('a cut link stays red while it is selected', async ({ page, request }) => {
  await request.post('/api/faults', {
    data: { type: 'link.down', target: 'consumer-db->database', durationMs: 600_000 },
  })
  await page.goto('/?edge=consumer%3Aconsumer-db-%3Eeffect%3Adatabase')
  const link = page.locator('.react-flow__edge[data-id="consumer:consumer-db->effect:database"] .edge')
  await expect(link).toHaveClass(/edge--fault.*is-selected/)
  const stroke = await link.locator('.edge__line').evaluate((line) => getComputedStyle(line).stroke)
  const mark = await link.locator('.cut circle').evaluate((circle) => getComputedStyle(circle).stroke)
  expect(stroke).toBe(mark)
  await request.delete('/api/faults')
})

test('a chart is zoomed by dragging, and Z goes back', async ({ page }) => {
  await page.goto('/?dock=charts&window=1m')
  const chart = page.getByRole('figure', { name: 'Throughput' })
  const plot = chart.locator('.recharts-surface').first()
  // A zoom spans seconds: some of them have to be there.
  await expect.poll(async () => (await page.request.get('/api/charts?seconds=60')).ok()).toBe(true)
  await expect
    .poll(
      async () => {
        const box = await plot.boundingBox()
        if (!box) return false
        await page.mouse.move(box.x + 60, box.y + 40)
        await page.mouse.down()
        await page.mouse.move(box.x + box.width - 10, box.y + 40, { steps: 6 })
        await page.mouse.up()
        return page.getByRole('button', { name: 'Zoom out Z' }).isVisible()
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  await page.keyboard.press('z')
  await expect(page.getByRole('button', { name: 'Zoom out Z' })).toHaveCount(0)
})
