import { cva } from 'class-variance-authority'

/** A number beside a word: how many there are of what the tab or head names. */
export const countClass = cva('inline-grid h-4 min-w-4 place-items-center rounded-sm px-1 type-11 font-medium', {
  variants: {
    tone: {
      plain: 'bg-hover text-fg-2',
      fault: 'bg-fault-bg text-fault-fg',
      dead: 'bg-dead-lettered-bg text-dead-lettered-fg',
    },
  },
  defaultVariants: { tone: 'plain' },
})
