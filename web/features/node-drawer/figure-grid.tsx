import type { Figure } from '../nodes/figure-list.ts'

/** Figures in a grid of small cells. */
export function FigureGrid({ figures }: { figures: Figure[] }) {
  if (figures.length === 0) return <p className="text-fg-3">Nothing is measured here yet.</p>
  return (
    <dl className="grid grid-cols-[repeat(3,1fr)] overflow-hidden rounded-md border border-border">
      {figures.map(({ label, value, unit, about }) => (
        <div className="-mt-px -ml-px border-t border-l border-line px-3 py-2" key={label} title={about}>
          <dt className="flex items-center gap-1.5 type-11 text-fg-3">{label}</dt>
          <dd className="type-14 font-semibold text-fg">
            {value}
            {unit === undefined ? null : <small className="ml-0.75 type-11 text-fg-3">{unit}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
