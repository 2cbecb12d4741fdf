/** SQS counts visibility in whole seconds, up to twelve hours: a delay is rounded up, so that nothing comes early. */
export function visibilitySeconds(delayMs: number): number {
  return Math.min(43_200, Math.max(0, Math.ceil(delayMs / 1_000)))
}

/** Items in groups of `size`, in order: SQS takes ten entries in a batch. */
export function inGroups<Item>(items: readonly Item[], size = 10): Item[][] {
  const groups: Item[][] = []
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size))
  return groups
}

/**
 * Whether a message was certainly hidden from others at `at`, and every change of its visibility before that was its holder's. In a standard
 * queue SQS takes a change that comes after the timeout too, and by an old receipt: it then changes the message of whoever has it.
 */
export function isHiddenAt({ hiddenSince }: { hiddenSince: number }, seconds: number, at: number): boolean {
  return at < hiddenSince + seconds * 1_000
}
