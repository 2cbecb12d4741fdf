import { type ClassNameValue, extendTailwindMerge } from 'tailwind-merge'

const merge = extendTailwindMerge<'type' | 'tone'>({
  extend: {
    theme: {
      spacing: ['control', 'row', 'tabs', 'top', 'ledger', 'dock', 'drawer', 'message', 'sheet'],
      shadow: ['float'],
    },
    classGroups: {
      type: [{ type: ['11', '12', '13', '14', '16', '20', 'mono-11', 'mono-12'] }],
      tone: [{ tone: ['delivered', 'retried', 'in-flight', 'retrying', 'dead', 'lost', 'fault', 'idle'] }],
    },
    conflictingClassGroups: {
      // The `font` shorthand sets these too.
      type: ['font-size', 'leading', 'font-weight', 'font-family', 'fvn-normal', 'fvn-figure', 'fvn-spacing'],
    },
  },
})

/** Class names in one: what is falsy is left out, and of two utilities for the same property the later one stays. */
export const cn = (...classes: ClassNameValue[]): string => merge(...classes)
