'use client'
import { Icon } from '#web/ui/icon.tsx'
import { faultName, faultStateView, strongest } from './fault-words.ts'
import { useFaultMap } from './use-fault-map.ts'

const namedAtMost = 3

/** On the top border of a node under fault: how many, in which state; a screen reader hears which. */
export function FaultPill({ node, tile = false }: { node: string; tile?: boolean }) {
  const { state, count, names } = useFaultMap((map) => {
    const faults = map.nodes.get(node) ?? []
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
    <span className={`${tile ? 'tile__fault' : 'node__fault'} fault--${state}`} title={`${count} ${said.slice(2)}`}>
      <Icon name={icon} size={12} />
      {tile ? null : state === 'active' ? (count === 1 ? '1 fault' : `${count} faults`) : `${count} ${word}`}
      <span className="kind-word">{tile ? `${count} fault${count === 1 ? '' : 's'}${said}` : said}</span>
    </span>
  )
}
