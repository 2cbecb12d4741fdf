import type { z } from 'zod'
import { ackLost } from '#contracts/faults/catalogue/ack-lost.ts'
import { linkBandwidth } from '#contracts/faults/catalogue/link-bandwidth.ts'
import { linkDown } from '#contracts/faults/catalogue/link-down.ts'
import { linkLatency } from '#contracts/faults/catalogue/link-latency.ts'
import { linkResetPeer } from '#contracts/faults/catalogue/link-reset-peer.ts'
import { linkTimeout } from '#contracts/faults/catalogue/link-timeout.ts'
import type { FaultDefinition } from '#contracts/faults/define-fault.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { Link } from '../links/links.ts'
import { bandwidth } from '../links/proxy/faults/bandwidth.ts'
import { blackHole } from '../links/proxy/faults/black-hole.ts'
import { latency } from '../links/proxy/faults/latency.ts'
import { resetPeer } from '../links/proxy/faults/reset-peer.ts'
import { swallowAnswers } from '../links/proxy/faults/swallow-answers.ts'
import type { LinkFault, OnHit } from '../links/proxy/link-fault.ts'
import { type LinkProxy, startLinkProxy } from '../links/proxy/link-proxy.ts'
import type { Perform, Performance, Tell } from './performance.ts'
import { impossible } from './process-faults.ts'

/** Faults on the links of one worker, over all proxies that a link has now or gets later. */
export interface LinkFaults {
  perform: Perform
  /** Starts a proxy; what is on its link holds for it too. */
  open(link: Link): Promise<LinkProxy>
}

/** Begins on a proxy; resolves with how to end it there. */
type Begin = (proxy: LinkProxy) => Promise<() => Promise<void>>

const mendAgainMs = 100

export function createLinkFaults(): LinkFaults {
  const proxies = new Set<LinkProxy>()
  const standing = new Set<{ fault: HeldFault; begin: (proxy: LinkProxy) => Promise<void> }>()

  return {
    perform(fault, tell): Performance {
      const begin = fault.type === linkDown.type ? cutting(fault, tell) : passing(fault, tell)
      if (!begin) return impossible(`a sidecar cannot do ${fault.type} to a link`)
      const mine = [...proxies].filter(({ link }) => link.id === fault.link)
      if (mine.length === 0) return impossible(`this worker has no link ${fault.link} now`)
      const ends: Promise<() => Promise<void>>[] = []
      const entry = {
        fault,
        async begin(proxy: LinkProxy) {
          const end = begin(proxy)
          ends.push(end)
          await end
        },
      }
      standing.add(entry)
      return {
        begun: Promise.all(mine.map(entry.begin)).then(() => undefined),
        async undo() {
          standing.delete(entry)
          await Promise.all(ends.map((end) => end.then((undo) => undo())))
        },
      }
    },
    async open(link) {
      const proxy = await startLinkProxy(link)
      const open: LinkProxy = {
        ...proxy,
        async close() {
          proxies.delete(open)
          await proxy.close()
        },
      }
      proxies.add(open)
      await Promise.all([...standing].filter(({ fault }) => fault.link === link.id).map(({ begin }) => begin(open)))
      return open
    },
  }
}

/** The far end cannot be reached at all. */
function cutting({ id }: HeldFault, tell: Tell): Begin {
  return async (proxy) => {
    await proxy.cut(id)
    tell.hit()
    return async () => {
      for (;;) {
        try {
          await proxy.mend(id)
          return tell.detail(undefined)
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          tell.detail(`the port ${proxy.port} of ${proxy.link.id} cannot be opened again yet: ${reason}`)
          await new Promise((resolve) => setTimeout(resolve, mendAgainMs))
        }
      }
    }
  }
}

/** What happens to bytes and connections on their way. */
function passing(fault: HeldFault, tell: Tell): Begin | undefined {
  const make = passages.get(fault.type)
  if (!make) return undefined
  return async (proxy) => {
    const made = make(fault, () => tell.hit())
    proxy.addFault(made)
    return async () => proxy.removeFault(made)
  }
}

/** What every fault of passing bytes is made of, besides its params. */
type Common = Required<Pick<HeldFault, 'seed' | 'percent' | 'direction'>>
type Make = (fault: HeldFault, onHit: OnHit) => LinkFault

/** By type: how each fault of passing bytes is made. */
const passages: ReadonlyMap<string, Make> = new Map([
  passage(linkLatency, latency),
  passage(linkBandwidth, bandwidth),
  passage(linkTimeout, blackHole),
  passage(linkResetPeer, resetPeer),
  passage(ackLost, swallowAnswers),
])

function passage<Params extends z.ZodObject>(
  { type, params }: FaultDefinition<Params>,
  make: (options: Common & z.output<Params>, onHit: OnHit) => LinkFault,
): [string, Make] {
  return [
    type,
    ({ seed, percent, direction = 'both', params: given }, onHit) =>
      make({ seed, percent, direction, ...params.parse(given) }, onHit),
  ]
}
