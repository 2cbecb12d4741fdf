import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './with-lab.ts'

test('the first experiment goes through on the live lab by Enter alone, and each step ends by what the lab shows', async ({
  page,
}) => {
  await page.goto('/')
  await page.keyboard.press('Control+k')
  await page
    .getByPlaceholder(/find or open/)
    .first()
    .fill('first experiment')
  await page.getByRole('option', { name: 'Start the first experiment' }).click()
  const card = page.getByRole('complementary', { name: /^Step \d of 7$/ })
  const step = (number: number) => expect(card.getByText(`${number} of 7`)).toBeVisible({ timeout: 60_000 })
  await step(1)
  // Each number of the list is on the graph or in the ledger bar.
  await expect(page.locator('.react-flow__node', { hasText: 'watch' })).toHaveCount(3)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('Enter')
  await step(2)
  await page.keyboard.press('Enter')
  await step(3)
  await page.reload()
  await step(3)
  await page.keyboard.press('Enter')
  await expect(card.getByText(/-1 is gone|is back/)).toBeVisible()
  await step(4)
  await page.keyboard.press('Enter')
  await step(5)
  await page.keyboard.press('Enter')
  await step(6)
  await page.keyboard.press('Enter')
  await step(7)
  await page.keyboard.press('Enter')
  await expect(card.getByText(/^(Pass|Inconclusive): 0 lost of [\d,]+ owed/)).toBeVisible({ timeout: 60_000 })
  await expect(card.getByRole('button', { name: /Done/ })).toBeVisible()

  // Esc closes a message that is open, then leaves.
  await page.keyboard.press('Escape')
  if (await card.isVisible()) await page.keyboard.press('Escape')
  await expect(card).toBeHidden()
  await expect(page.locator('.react-flow__node', { hasText: 'watch' })).toHaveCount(0)
})
