/** `npm run picture`: starts a lab, lets events flow, injects two faults, and photographs the running screen for the README. */
import { mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { startLab } from '../test/lab.ts'
import { until } from '../test/until.ts'
import { provideChromium } from './provision-chromium.mjs'

const lab = await startLab()
const browser = await chromium.launch({ executablePath: provideChromium(), args: ['--no-sandbox', '--disable-gpu'] })
try {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${lab.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }
  const burst = (type: string, ratePerSecond: number) =>
    post('/api/bursts', { type, durationMs: 60_000, ratePerSecond })
  await Promise.all([burst('order_placed', 40), burst('user_signup', 12), burst('payment_failed', 7)])
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  await page.goto(`${lab.url}/?node=consumer%3Aconsumer-db&tab=faults`)
  await until(
    'half a minute of traffic',
    async () => {
      const { items } = (await (await fetch(`${lab.url}/api/bursts`)).json()) as { items: { elapsedMs: number }[] }
      return items.every(({ elapsedMs }) => elapsedMs > 30_000)
    },
    120_000,
  )
  await post('/api/faults', {
    ...{ type: 'handler.error', target: 'consumer-db', percent: 25, seed: 42, durationMs: 60_000 },
  })
  await post('/api/faults', { type: 'link.down', target: 'consumer-email->smtp', durationMs: 30_000 })
  await until('some seconds of both', async () => {
    const { items } = (await (await fetch(`${lab.url}/api/faults`)).json()) as { items: { hits: number }[] }
    return items.length === 2 && items.every(({ hits }) => hits > 0) && items.some(({ hits }) => hits > 100)
  })
  mkdirSync('docs/pictures', { recursive: true })
  await page.screenshot({ path: 'docs/pictures/topology.png' })
} finally {
  await browser.close()
  await lab.stop()
}
