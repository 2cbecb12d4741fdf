import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { readRecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { collisions } from './overlaps.ts'
import { expect, test } from './with-lab.ts'

/** The least that has a fault, checks of several kinds and a drain: a few seconds. The fault stands until it was seen, however busy the machine is. */
const smallest = `apiVersion: faultline/v1
kind: Scenario
metadata: { name: smallest }
seed: 5
phases:
  - { name: pulse, duration: 2s, until: observed, timeout: 60s, arrivalRate: 20, type: order_placed }
  - { name: drain, until: drained, timeout: 120s }
faults:
  - { id: pause, type: process.pause, target: { service: consumer-db }, phase: pulse, startAt: 200ms, through: pulse }
invariants: [at-least-once]
assertions:
  - { id: worked-off, metric: consumer.lag, op: "==", value: 0 }
`

const widths = [390, 720, 1280, 1920, 1440]

/** Each address with a region that it shows when it has read what it shows. A window is made narrower without a reload, as readers do. */
async function checkLooks(page: Page, places: readonly (readonly [string, string])[]): Promise<void> {
  for (const [path, region] of places) {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(path)
    const shown = page.getByRole('region', { name: region, exact: true })
    for (const width of widths) {
      // A phone reads runs; two of them, and the track of a replay, have no room there.
      if (width < 600 && /compare|[?&]at=/.test(path)) continue
      await page.setViewportSize({ width, height: width === 720 ? 450 : 900 })
      await expect(shown).toBeVisible()
      await expect.poll(() => collisions(page), { message: `${path} at ${width}` }).toEqual([])
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await new AxeBuilder({ page })
        .setLegacyMode(true)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${path}, ${colorScheme}, ${id}: ${nodes[0]?.html}`)).toEqual([])
    }
  }
}

test('a scenario is checked as it is written, run, followed, kept and compared', async ({ page }) => {
  test.setTimeout(600_000)
  const run = page.getByRole('button', { name: 'Run', exact: true })
  await page.goto('/scenarios?scenario=%2B')
  const editor = page.getByRole('textbox', { name: 'scenario.yaml' })
  const long = smallest.replace('duration: 2s', 'duration: 300s')
  await editor.fill(long.replace('worked-off, metric: consumer.lag', 'worked-off, metric: consumer.lagg'))
  const problems = page.getByRole('list', { name: 'Problems of the file' })
  await expect(problems.getByText('consumer.lagg')).toBeVisible()
  await expect(run).toBeDisabled()
  await problems.getByRole('button', { name: 'Use consumer.lag' }).click()
  await page.getByRole('textbox', { name: 'Seed' }).fill('7')
  await expect(page.getByText('It can be run in this lab')).toBeVisible()
  await run.click()

  // Live: what has happened is drawn as it happens, and a second run has to wait.
  await expect(page).toHaveURL(/\/scenarios\/r-\d+-[0-9a-f]+/)
  await expect(page.getByRole('list', { name: 'Phases' }).getByText('pulse')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Faults' }).getByText(/took effect at/)).toBeAttached()
  await expect(page.getByRole('figure', { name: 'Lag' })).toBeVisible()
  await expect(page.getByRole('row', { name: /worked-off/ }).getByText('pending')).toBeVisible()
  const scenarios = page.getByRole('navigation', { name: 'Scenarios and runs' })
  await scenarios.getByRole('link', { name: /^burst-and-backlog/ }).click()
  await expect(page.getByText(/runs until .* at the latest/)).toBeVisible()
  await expect(run).toBeDisabled()
  await page.getByRole('status').getByRole('link', { name: 'smallest' }).click()

  // Stopped, it is inconclusive, and says why.
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('button', { name: 'Stop it' }).click()
  await expect(page.getByRole('region', { name: 'Why it is inconclusive' })).toContainText('the run was stopped')
  await expect(page.getByRole('list', { name: 'Faults' }).getByText(/took effect at .*healed at/)).toBeAttached()

  // A short one under the same seed: its verdict, its checks, and its figures.
  await page.goto('/scenarios?scenario=%2B')
  await editor.fill(smallest)
  await page.getByRole('textbox', { name: 'Seed' }).fill('7')
  await expect(run).toBeEnabled()
  await run.click()
  await expect(page.getByText('2 of 2 hold')).toBeVisible({ timeout: 180_000 })
  await expect(page.getByRole('row', { name: /worked-off/ }).getByText('pass')).toBeVisible()
  await expect(page.getByLabel('Facts').getByText('7', { exact: true })).toBeVisible()
  const first = new URL(page.url()).pathname

  // Exports: the journal that is saved gives the same verdict without the lab.
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Journal' }).click()
  const journal = await (await saved).createReadStream()
  const chunks: Buffer[] = []
  for await (const chunk of journal) chunks.push(Buffer.from(chunk))
  expect(readRecordedRun(Buffer.concat(chunks).toString()).recorded?.run).toMatchObject({ verdict: 'pass', seed: 7 })
  const junit = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'JUnit XML' }).click()
  expect((await junit).suggestedFilename()).toMatch(/^r-.*\.xml$/)

  // Replayed beside its sentences: the one that the playhead has reached is marked, and a sentence leads to its moment.
  await page.getByRole('link', { name: 'Replay', exact: true }).click()
  const replayed = page.getByRole('complementary', { name: 'Run smallest' })
  const current = replayed.locator('li[aria-current=step]')
  await replayed.getByRole('button', { name: 'Show the moment of sentence 2' }).click()
  await expect(replayed.locator('[data-clauses] > li').nth(1)).toHaveAttribute('aria-current', 'step')
  await expect(page.getByRole('list', { name: 'What happened' }).locator('[aria-current=step]')).toBeVisible()
  await page.getByRole('slider', { name: 'Moment' }).press('End')
  await expect(current).toContainText('pass')
  // Closed, it leaves the track at the time of the run, which opens it again.
  await replayed.getByRole('button', { name: 'Close' }).click()
  await expect(replayed).toBeHidden()
  await page.getByRole('region', { name: 'Replay' }).getByRole('button', { name: 'smallest', exact: true }).click()
  await expect(replayed).toBeVisible()
  await checkLooks(page, [[new URL(page.url()).pathname + new URL(page.url()).search, 'Replay']])

  // History, then both against each other.
  await page.goto('/scenarios')
  const runs = page.getByRole('region', { name: 'Runs', exact: true })
  await expect(runs.getByRole('row')).toHaveCount(3)
  await runs.getByRole('combobox', { name: 'Any verdict' }).selectOption('pass')
  await expect(runs.getByRole('row')).toHaveCount(2)
  await runs.getByRole('button', { name: /^Compare/ }).click()
  await page.getByRole('combobox', { name: 'Run B' }).selectOption({ index: 2 })
  await expect(page.getByText('B was ended before its time.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Run A' }).getByText('pass')).toBeVisible()
  const compared = new URL(page.url())
  await checkLooks(page, [
    ['/scenarios', 'Runs'],
    [first, 'Checks'],
    [compared.pathname + compared.search, 'Differences'],
  ])

  // Its journal from a file is the same run.
  await page.goto(compared.pathname + compared.search)
  await page.getByLabel('Journal of run B').setInputFiles({
    ...{ name: 'other.jsonl', mimeType: 'application/x-ndjson' },
    buffer: Buffer.concat(chunks),
  })
  await expect(page.getByText('Neither lost a message or made an effect twice.')).toBeVisible()
  await expect(page.getByText(/^0 of \d+ differ/)).toBeVisible()
})
