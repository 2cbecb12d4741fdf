import { Agent, get } from 'node:http'

/** Someone who looks messages up in the API over one connection that is kept open. */
export interface Reader {
  /** Whether the journey with this id was answered. */
  byId(id: string): Promise<boolean>
  /** Whether a page of at most `limit` rows had any; asks for the next page as long as none has. */
  byText(text: string, limit: number): Promise<boolean>
  close(): void
}

interface Page {
  items: unknown[]
  nextCursor?: string
}

export function openReader(port: number): Reader {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const read = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const request = get({ host: '127.0.0.1', port, path, agent }, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          body += piece
        })
        response.once('error', reject)
        response.once('end', () => {
          if (response.statusCode === 200) resolve(body)
          else reject(new Error(`void: ${path} was answered with ${response.statusCode} ${body}`))
        })
      })
      request.once('error', reject)
    })
  return {
    byId: async (id) => (await read(`/api/messages/${id}`)).includes(`"id":"${id}"`),
    async byText(text, limit) {
      for (let cursor: string | undefined; ; ) {
        const query = new URLSearchParams({
          q: text,
          limit: String(limit),
          ...(cursor === undefined ? {} : { cursor }),
        })
        const page = JSON.parse(await read(`/api/messages?${query}`)) as Page
        if (page.items.length > 0) return true
        if (page.nextCursor === undefined) return false
        cursor = page.nextCursor
      }
    },
    close: () => agent.destroy(),
  }
}
