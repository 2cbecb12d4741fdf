import { historyMoment, historyRange } from '#contracts/api/history.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

test('a moment of the past is on the whole screen until the reader goes back to now', async ({ page, lab }) => {
  const read = async (path: string) => (await fetch(`${lab.url}${path}`)).json()
  const delivered = async (t?: number): Promise<number> => {
    const { groups } = t === undefined ? await read('/api/ledger') : (await momentAt(t)).snapshot.ledger
    return groups.reduce((sum: number, group: { delivered: number }) => sum + group.delivered, 0)
  }
  const momentAt = async (t: number) => historyMoment.parse(await read(`/api/history/at?t=${t}`))
  const recordedTo = async (): Promise<number> => historyRange.parse(await read('/api/history')).to ?? 0
  const before = await until('something recorded', async () => (await recordedTo()) || undefined)
  const [then, count] = [await delivered(before), 200]
  await fetch(`${lab.url}/api/bursts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'order_placed', count, ratePerSecond: 400 }),
  })
  await until('all delivered', async () => (await delivered()) >= then + 2 * count)
  // Every moment between has counts that add up, and the last one has all of them.
  const after = await until('a keyframe with all of it', async () => {
    const to = await recordedTo()
    return (await delivered(to)) >= then + 2 * count ? to : undefined
  })
  for (let t = before; t <= after; t += Math.ceil((after - before) / 9)) {
    const { snapshot } = await momentAt(t)
    for (const { owed, waiting, handling, retrying, delivered: done, dead_lettered, lost } of snapshot.ledger.groups) {
      expect(waiting + handling + retrying + done + dead_lettered + lost).toBe(owed)
    }
  }

  await page.goto(`/?at=${before}&dock=log`)
  const ledger = page.getByRole('region', { name: 'Ledger' })
  await expect(page.getByText('The lab as it was at')).toBeVisible()
  await expect(ledger).toContainText(`${then.toLocaleString('en-US')} delivered`)
  const publish = page.getByRole('banner').getByRole('button', { name: 'Publish' })
  await expect(publish).toBeDisabled()
  const slider = page.getByRole('slider', { name: 'Moment' })
  await slider.focus()
  await slider.press('End')
  await expect(ledger).toContainText(`${(then + 2 * count).toLocaleString('en-US')} delivered`)
  await page.keyboard.press('Escape')
  await expect(slider).toBeHidden()
  await expect(ledger).toContainText('2 groups')
  await expect(page).not.toHaveURL(/at=/)

  await page.getByRole('tab', { name: 'Event log' }).click()
  await page
    .getByRole('link', { name: /^Replay from/ })
    .first()
    .click()
  await expect(slider).toBeVisible()
  await expect(page).toHaveURL(/at=\d+/)
  await page.getByRole('button', { name: /Back to now/ }).click()
  await expect(slider).toBeHidden()
})
