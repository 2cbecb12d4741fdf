'use client'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { faultMark, faultName, faultStateView, strongest } from './fault-words.ts'
import { useFaultMap } from './use-fault-map.ts'

const namedAtMost = 3

/** On the top border of a node under fault, or of a place for several: how many, in which state; a screen reader hears which. */
export function FaultPill({ nodes, tile = false }: { nodes: readonly string[]; tile?: boolean }) {
  const { state, count, names } = useFaultMap((map) => {
    const faults = nodes.flatMap((node) => map.nodes.get(node) ?? [])
    return {
      state: strongest(faults)?.state,
      count: faults.length,
      names: faults
        .slice(0, namedAtMost)
        .map((fault) => `${faultName(fault)}, ${faultStateView[fault.state].word}`)
        .join('; '),
    }
  })
  if (state === undefined) return null
  const { icon, word } = faultStateView[state]
  const said = `: ${names}${count > namedAtMost ? ` and ${count - namedAtMost} more` : ''}`
  return (
    <span
      className={cn(
        tile
          ? 'absolute -top-1.5 -left-1.5 grid size-4 place-items-center rounded-full'
          : 'absolute -top-2.25 right-2 inline-flex h-4 items-center gap-0.75 rounded-full pr-1.25 pl-1 type-11 text-[10px] leading-3.5 font-semibold whitespace-nowrap',
        faultMark[state],
      )}
      title={`${count} ${said.slice(2)}`}
    >
      <Icon className="size-2.5 stroke-3" name={icon} size={12} />
      {tile ? null : state === 'active' ? (count === 1 ? '1 fault' : `${count} faults`) : `${count} ${word}`}
      <span className="text-[0px]">{tile ? `${count} fault${count === 1 ? '' : 's'}${said}` : said}</span>
    </span>
  )
}
