/** `npm run picture`: starts a lab, lets events flow, and photographs the running screen for the README. */
import { mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { startLab } from '../test/lab.ts'
import { until } from '../test/until.ts'
import { provideChromium } from './provision-chromium.mjs'

const lab = await startLab()
const browser = await chromium.launch({ executablePath: provideChromium(), args: ['--no-sandbox', '--disable-gpu'] })
try {
  const burst = async (type: string, ratePerSecond: number) => {
    const answer = await fetch(`${lab.url}/api/bursts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type, durationMs: 60_000, ratePerSecond }),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }
  await Promise.all([burst('order_placed', 40), burst('user_signup', 12), burst('payment_failed', 7)])
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  await page.goto(`${lab.url}/?node=consumer%3Aconsumer-db`)
  await until(
    'a minute of traffic',
    async () => {
      const { items } = (await (await fetch(`${lab.url}/api/bursts`)).json()) as { items: { elapsedMs: number }[] }
      return items.every(({ elapsedMs }) => elapsedMs > 45_000)
    },
    120_000,
  )
  mkdirSync('docs/pictures', { recursive: true })
  await page.screenshot({ path: 'docs/pictures/topology.png' })
} finally {
  await browser.close()
  await lab.stop()
}
