import type { Figure } from '../nodes/figure-list.ts'

/** Figures in a grid of small cells. */
export function FigureGrid({ figures }: { figures: Figure[] }) {
  if (figures.length === 0) return <p className="t3">Nothing is measured here yet.</p>
  return (
    <dl className="stat-grid">
      {figures.map(({ label, value, unit }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {unit === undefined ? null : <small>{unit}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
