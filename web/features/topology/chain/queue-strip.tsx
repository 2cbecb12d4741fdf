import { cn } from '#web/ui/recipes/cn.ts'
import { stripOf } from './service-words.ts'

/** How full the queue of a service is, at the left edge of its card or tile; `bare`: without slots, as in a trace. */
export function QueueStrip({
  lag,
  retrying,
  look,
  bare = false,
}: {
  lag: number
  retrying: number
  look: 'card' | 'tile'
  bare?: boolean
}) {
  const slots = look === 'card' ? 10 : 5
  const strip = stripOf(lag, retrying, slots)
  return (
    <span
      className={cn(
        'absolute inset-y-0 left-0 flex flex-col-reverse border-r border-line bg-sunken tone-in-flight',
        look === 'card' ? 'w-3 gap-0.5 rounded-l-[5px] px-0.75 py-1' : 'w-1.5 gap-px rounded-l-[5px] px-px py-0.75',
      )}
      aria-hidden="true"
    >
      {bare
        ? null
        : Array.from({ length: slots }, (_, at) => (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: slots have no identity but their place
              key={at}
              className={cn(
                'flex-1 rounded-[1px] bg-border',
                at < strip.filled && 'bg-tone',
                at < strip.filled &&
                  at >= strip.filled - strip.retrying &&
                  'bg-retrying-bg bg-[repeating-linear-gradient(135deg,var(--retrying)_0_2px,transparent_2px_4px)]',
              )}
            />
          ))}
    </span>
  )
}
