import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { addressingOf, type BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import type { EffectUrls } from '#contracts/effects/effect-settings.ts'
import type { LinkStatus } from '#contracts/protocols/agent.ts'
import { brokerLinks, effectLinks, type Link } from './links.ts'
import { type LinkProxy, startLinkProxy } from './proxy/link-proxy.ts'

/** The links of one worker: to its effects as long as the sidecar runs, to a broker while replicas run on it. */
export interface LinkSet {
  /** Opens the link to a broker unless it is open. Rejects if its address is not known or cannot be read. */
  openBroker(broker: BrokerName): Promise<void>
  /**
   * The proxy of an address that a cluster advertised, part of the same link. Rejects if no link to a cluster is open, or where as
   * many as a cluster can have are open already.
   */
  openAdvertised(host: string, port: number): Promise<LinkProxy>
  /** Closes the links to every broker but this one; what is still connected is reset. */
  closeOtherBrokers(broker: BrokerName): Promise<void>
  /** What a worker on `broker` connects through. */
  of(broker: BrokerName): readonly LinkProxy[]
  /** One per link. */
  status(): LinkStatus[]
  close(): Promise<void>
}

/** More brokers than clusters have; a client that asks for more asks for something else. */
const advertisedMax = 256

const isCluster = (broker: BrokerName): boolean => addressingOf(broker).form === 'cluster'

/** Rejects if the address of an effect cannot be read. `open` starts the proxy of one address; `more` are open as long as effects are. */
export async function openLinkSet(
  service: string,
  brokers: BrokerSettings,
  effects: EffectUrls,
  open: (link: Link) => Promise<LinkProxy> = startLinkProxy,
  more: readonly Link[] = [],
): Promise<LinkSet> {
  const lasting = await Promise.all([...effectLinks(service, effects), ...more].map(open))
  const byBroker = new Map<BrokerName, LinkProxy[]>()
  const advertised = new Map<string, Promise<LinkProxy>>()
  const all = (): LinkProxy[] => [...[...byBroker.values()].flat(), ...lasting]
  const close = async (proxies: readonly LinkProxy[]): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
  }

  async function addToCluster(link: Link): Promise<LinkProxy> {
    const broker = [...byBroker.keys()].find(isCluster)
    if (broker === undefined) throw new Error(`${service} has no link to a cluster now`)
    const proxy = await open(link)
    const proxies = byBroker.get(broker)
    if (proxies) {
      proxies.push(proxy)
      return proxy
    }
    await proxy.close()
    throw new Error(`the links to ${broker} were closed meanwhile`)
  }

  return {
    async openBroker(broker) {
      if (byBroker.has(broker)) return
      byBroker.set(broker, await Promise.all(brokerLinks(service, broker, brokers).map(open)))
    },
    openAdvertised(host, port) {
      const address = `${host.toLowerCase()}:${port}`
      const known = advertised.get(address)
      if (known) return known
      if (advertised.size >= advertisedMax)
        return Promise.reject(new Error(`the cluster has advertised ${advertisedMax} addresses already`))
      const opening = addToCluster({ id: `${service}->broker`, host, port })
      advertised.set(address, opening)
      opening.catch(() => advertised.delete(address))
      return opening
    },
    async closeOtherBrokers(broker) {
      if (!isCluster(broker)) advertised.clear()
      const others = [...byBroker].filter(([name]) => name !== broker)
      for (const [name] of others) byBroker.delete(name)
      await close(others.flatMap(([, proxies]) => proxies))
    },
    of: (broker) => [...(byBroker.get(broker) ?? []), ...lasting],
    status: () => joined(all().map((proxy) => proxy.status())),
    close: () => close(all()),
  }
}

/** The addresses of a cluster, and those of two brokers while a worker moves, are reported as one link. */
function joined(statuses: readonly LinkStatus[]): LinkStatus[] {
  const links = new Map<string, LinkStatus>()
  for (const status of statuses) {
    const known = links.get(status.id)
    links.set(
      status.id,
      known
        ? {
            id: status.id,
            upstream: `${known.upstream}, ${status.upstream}`,
            connections: known.connections + status.connections,
            bytesUp: known.bytesUp + status.bytesUp,
            bytesDown: known.bytesDown + status.bytesDown,
          }
        : status,
    )
  }
  return [...links.values()]
}
