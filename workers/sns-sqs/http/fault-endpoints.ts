import type { ActionServices } from '../actions/action.ts'
import { faultTypes } from '../faults/fault-types.ts'
import type { Reply } from '../protocol/reply.ts'

const json = (status: number, value: unknown): Reply => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
})

/**
 * `GET /_faultline/faults` lists what is in force and what there is, `POST` puts one in force, `DELETE /_faultline/faults/:id` heals it,
 * `DELETE /_faultline/faults` heals all.
 */
export function faultEndpoint(method: string, path: string, body: Buffer, { faults }: ActionServices): Reply {
  const id = /^\/_faultline\/faults\/([^/]+)$/.exec(path)?.[1]
  if (method === 'GET' && id === undefined) return json(200, { faults: faults.list(), types: faultTypes })
  if (method === 'POST' && id === undefined) {
    try {
      return json(201, { fault: faults.inject(JSON.parse(body.toString())) })
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
  if (method === 'DELETE' && id !== undefined) {
    return faults.healOne(id) ? json(200, { healed: id }) : json(404, { error: `no fault ${id} is in force` })
  }
  if (method === 'DELETE') {
    faults.healAll()
    return json(200, { healed: 'all' })
  }
  return json(404, { error: `there is nothing at ${method} ${path}` })
}
