import { parseIdentity } from '#contracts/events/identity.ts'

/** The service of which an instance is a replica: `payment` of `payment-2`. */
export const senderServiceOf = (instance: string): string => instance.replace(/-\d+$/, '')

/** The service whose replica published a message; empty if its id is not one of the lab's. */
export const senderOf = ({ id }: { id: string }): string => senderServiceOf(parseIdentity(id)?.producer ?? '')
