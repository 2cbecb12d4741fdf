import type { ServiceBody } from '#contracts/lab-declaration.ts'

/** One line about what a service is made of: `python3 payment.py`, `simulated 40–400 ms`, `built-in e-mail`. */
export function bodyLine(body: ServiceBody): string {
  switch (body.kind) {
    case 'source':
      return 'built-in source'
    case 'builtin':
      return body.worker === 'email' ? 'built-in e-mail' : `built-in ${body.worker}`
    case 'program':
      return body.command.join(' ').slice(0, 200)
    case 'url':
      return body.url.slice(0, 200)
    case 'simulated': {
      const { work } = body
      return `simulated ${'fixedMs' in work ? work.fixedMs : `${work.p50Ms}–${work.p99Ms}`} ms`
    }
  }
}
