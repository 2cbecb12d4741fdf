/**
 * The workers of the lab itself, by the word for them in a lab file (`builtin: email`): the folder of `workers/` that runs each, and the
 * effect that the lab sees of it; `undefined` where it sees none. A new one needs one line here.
 */
export const builtinWorkers = {
  email: { entry: 'consumer-email', effect: 'email' },
  database: { entry: 'consumer-db', effect: 'row' },
} as const satisfies Record<string, { entry: string; effect: string | undefined }>

export type BuiltinWorker = keyof typeof builtinWorkers

/** The names of all, the first one apart, as an enumeration takes them. */
export const builtinWorkerNames = Object.keys(builtinWorkers) as [BuiltinWorker, ...BuiltinWorker[]]
