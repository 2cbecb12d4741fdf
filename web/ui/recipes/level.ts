/** The colour of a log level; `info` has none. */
export const levelClass: Partial<Record<string, string>> = { warn: 'text-retrying-fg', error: 'text-lost-fg' }
