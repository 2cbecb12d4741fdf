import type { FastifyInstance } from 'fastify'

export interface RouteIndex {
  /** Methods that a path takes; none where no route has it. */
  methodsOf(path: string): string[]
  /** Every route, as fastify spells it. */
  all(): { method: string; url: string }[]
}

/** Remembers the routes of an app, for 405 answers. Make it before the routes. */
export function createRouteIndex(app: FastifyInstance): RouteIndex {
  const routes: { method: string; url: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[a-zA-Z]+/g, '[^/]+')}$`)
    for (const one of [method].flat()) routes.push({ method: one, url, pattern })
  })
  return {
    methodsOf: (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))],
    all: () => routes.map(({ method, url }) => ({ method, url })),
  }
}
