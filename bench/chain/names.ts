/** The lab of both rows, from the root of the checkout. */
export const chainLab = 'bench/chain/faultline.yaml'
/** Messages that each service in the middle of the chain has in flight at most, in the lab file and in the bare chain. */
export const chainConcurrency = 20

/** The consumers of the chain in its order, and the type of the event that each takes. */
export const hops = [
  { service: 'payment', takes: 'order_placed' },
  { service: 'warehouse', takes: 'payment_captured' },
  { service: 'courier', takes: 'parcel_packed' },
  { service: 'consumer-db', takes: 'parcel_sent' },
] as const
export type Hop = (typeof hops)[number]

/** On the same broker as the lab's own topic of the type. */
export const bareTopicOf = (type: string): string => `bare_${type}`
export const bareGroupOf = ({ service }: Hop): string => `bare-${service}`
