import { chromium, type Page } from '@playwright/test'

/** What a reader saw of one drawing: times between two frames of the browser, milliseconds. */
interface Frames {
  drawing: string
  p50: number
  p95: number
  longest: number
  /** Nodes that were mounted. */
  nodes: number
  /** Milliseconds from asking for the page to its first drawing. */
  firstMs: number
  /** Whether cards were too small to be elements and are marks on a canvas. */
  isDense: boolean
}

const seconds = Number(process.env.SECONDS ?? 10)
const eventEveryMs = 2_000

/** Gaps between animation frames while the lab lives and one event after the other runs through it. As text: it runs in the page. */
const watchFrames = (page: Page): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const gaps = []
    const end = performance.now() + ${seconds * 1_000}
    let last
    requestAnimationFrame(function look(at) {
      if (last !== undefined) gaps.push(at - last)
      last = at
      if (at < end) requestAnimationFrame(look)
      else resolve(gaps)
    })
  })`)

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN

/** What a reader sees first: a card, or the canvas on which cards too small to be read are marks. */
const denseCanvas = '.react-flow canvas[role="img"]'

/** Opens `url` of a lab in each way that its graph can be drawn, and measures its frames; each drawing is reported as soon as it is measured. */
async function* measure(url: string): AsyncGenerator<Frames> {
  const { services } = (await (await fetch(`${url}/api/lab`)).json()).declaration as { services: { name: string }[] }
  const prefixes = [...new Set(services.flatMap(({ name }) => /^[a-z0-9]+-/.exec(name)?.[0] ?? []))]
  const drawings = {
    folded: '/?fold=prefix',
    opened: `/?fold=prefix&open=${prefixes.join(',')}`,
    single: '/?fold=none',
  }
  const browser = await chromium.launch(
    process.env.CHROMIUM === undefined ? {} : { executablePath: process.env.CHROMIUM },
  )
  const publish = (): void => {
    void fetch(`${url}/event`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ type: 'order_placed', data: {} }),
    }).catch(() => undefined)
  }
  try {
    for (const [drawing, path] of Object.entries(drawings)) {
      const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } })
      const opened = performance.now()
      await page.goto(url + path)
      await page.locator(`.react-flow__node, ${denseCanvas}`).first().waitFor({ timeout: 60_000 })
      const firstMs = performance.now() - opened
      const traffic = setInterval(publish, eventEveryMs)
      publish()
      // What the first drawing costs is over.
      await watchFrames(page)
      const gaps = (await watchFrames(page)).sort((a, b) => a - b)
      clearInterval(traffic)
      const nodes = await page.locator('.react-flow__node').count()
      const isDense = (await page.locator(denseCanvas).count()) > 0
      await page.close()
      yield { drawing, p50: at(gaps, 0.5), p95: at(gaps, 0.95), longest: gaps.at(-1) ?? 0, nodes, firstMs, isDense }
    }
  } finally {
    await browser.close()
  }
}

const [url = 'http://127.0.0.1:3000'] = process.argv.slice(2)
for await (const { drawing, p50, p95, longest, nodes, firstMs, isDense } of measure(url)) {
  console.log(
    `${drawing.padEnd(8)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, longest ${longest.toFixed(0)} ms, ` +
      `${nodes} nodes mounted${isDense ? ', cards as marks' : ''}, first drawing after ${(firstMs / 1_000).toFixed(1)} s`,
  )
}
