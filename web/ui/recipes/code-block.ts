/** A block of text as in a file or on the wire. */
export const codeClass =
  'overflow-hidden rounded-md border border-line bg-sunken px-3 py-2 type-mono-11 leading-4.5 whitespace-pre text-fg-2 [font-variant-ligatures:none]'
