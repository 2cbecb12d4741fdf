/** A list of names and values: names at the left, values at the right edge. */
export const pairsClass = 'grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 dt:text-fg-3 dd:text-right dd:text-fg'
