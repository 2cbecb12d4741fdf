import { cva, type VariantProps } from 'class-variance-authority'
import { cn } from './cn.ts'

const box = cva(
  [
    'flex h-control w-full min-w-0 items-center gap-1.5 overflow-hidden rounded-sm border border-border-strong bg-raised px-2',
    'whitespace-nowrap text-fg focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent icon:text-fg-3',
    'has-disabled:border-border has-disabled:bg-transparent has-disabled:text-fg-2',
    'control:h-full control:w-full control:min-w-0 control:flex-1 control:border-0 control:bg-transparent control:p-0 control:outline-none',
  ],
  {
    variants: {
      mono: { true: 'type-mono-11' },
      quiet: { true: 'border-border text-fg-3 control:text-fg' },
      invalid: { true: 'border-lost' },
      /** For a textarea instead of an input. */
      area: {
        true: 'h-auto p-0 [&>textarea]:min-h-16 [&>textarea]:flex-1 [&>textarea]:resize-y [&>textarea]:border-0 [&>textarea]:bg-transparent [&>textarea]:px-2 [&>textarea]:py-1.5 [&>textarea]:type-12 [&>textarea]:text-inherit [&>textarea]:outline-0',
      },
    },
  },
)

/** The box of a text input or select, which is its direct child, with what is beside it in the box. */
export const inputBox = (looks: VariantProps<typeof box> = {}): string => cn(box(looks))

/** A control with its label above and what is wrong or helpful below. */
export const fieldClass = 'grid min-w-0 gap-1'

/** The label of a field; an `em` in it is its aside: a type, “required”. */
export const labelClass =
  'flex items-baseline gap-1.5 type-11 font-medium text-fg-2 [&>em]:font-normal [&>em]:text-fg-3 [&>em]:not-italic'
