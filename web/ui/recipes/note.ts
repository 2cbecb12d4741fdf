/** A box with a remark, an icon first. */
export const noteClass = 'flex gap-2 rounded-md bg-sunken px-2.5 py-2 text-fg-2 icon:text-fg-3'
