import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** Line icons on a 16 px grid, by name. */
const shapes = {
  alert: (
    <>
      <path d="M8 2.2 14.4 13.4H1.6Z" />
      <path d="M8 6.4v3.2M8 11.5v.1" />
    </>
  ),
  bolt: <path d="M8.8 1.6 3.4 9h4l-.6 5.4L12.4 7h-4.2Z" />,
  burst: (
    <>
      <path d="M2 12.5h2.2M2 8h5M2 3.5h2.2" />
      <path d="m9.4 4.4 3.6 3.6-3.6 3.6" />
    </>
  ),
  check: <path d="m3 8.6 3.2 3.2L13 4.8" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  consumer: (
    <>
      <rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1.6" />
      <path d="M6.4 6.4h3.2v3.2H6.4z" />
      <path d="M6 1.6v2M10 1.6v2M6 12.4v2M10 12.4v2M1.6 6h2M1.6 10h2M12.4 6h2M12.4 10h2" />
    </>
  ),
  copy: (
    <>
      <rect x="5.4" y="5.4" width="8.4" height="8.4" rx="1.6" />
      <path d="M3.4 10.6H3a1.2 1.2 0 0 1-1.2-1.2V3A1.2 1.2 0 0 1 3 1.8h6.4A1.2 1.2 0 0 1 10.6 3v.4" />
    </>
  ),
  db: (
    <>
      <ellipse cx="8" cy="3.9" rx="5.4" ry="2.1" />
      <path d="M2.6 3.9v8.2c0 1.2 2.4 2.1 5.4 2.1s5.4-.9 5.4-2.1V3.9" />
      <path d="M2.6 8c0 1.2 2.4 2.1 5.4 2.1s5.4-.9 5.4-2.1" />
    </>
  ),
  dlq: (
    <>
      <path d="M2 9.2V12a1.6 1.6 0 0 0 1.6 1.6h8.8A1.6 1.6 0 0 0 14 12V9.2" />
      <path d="M2 9.2h3.4l1.2 1.6h2.8l1.2-1.6H14" />
      <path d="m6 2.4 4 4m0-4-4 4" />
    </>
  ),
  down: <path d="m4 6.4 4 4 4-4" />,
  download: <path d="M8 2v8.2M4.6 7 8 10.4 11.4 7M2.4 13.6h11.2" />,
  edit: (
    <>
      <path d="M2.4 13.6h2.8l8-8-2.8-2.8-8 8Z" />
      <path d="m8.8 4.4 2.8 2.8" />
    </>
  ),
  fail: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
    </>
  ),
  filter: <path d="M2 3h12L9.4 8.4v4.8l-2.8-1.4V8.4Z" />,
  fit: <path d="M2.4 5.6V2.4h3.2M10.4 2.4h3.2v3.2M13.6 10.4v3.2h-3.2M5.6 13.6H2.4v-3.2" />,
  graph: (
    <>
      <circle cx="3.6" cy="8" r="1.8" />
      <circle cx="12.4" cy="3.8" r="1.8" />
      <circle cx="12.4" cy="12.2" r="1.8" />
      <path d="m5.2 7.2 5.6-2.6M5.2 8.8l5.6 2.6" />
    </>
  ),
  heal: (
    <>
      <path d="M8 1.8 13 3.6v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4Z" />
      <path d="M8 5.6v4.4M5.8 7.8h4.4" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.2 6.2a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.6-.8 1.1" />
      <path d="M8 11.3v.1" />
    </>
  ),
  inconclusive: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />
      <path d="M8 4.8v3.8M8 11v.1" />
    </>
  ),
  link: (
    <>
      <path d="M6.6 9.4a2.8 2.8 0 0 0 4 0l2.4-2.4a2.8 2.8 0 0 0-4-4l-.8.8" />
      <path d="M9.4 6.6a2.8 2.8 0 0 0-4 0L3 9a2.8 2.8 0 0 0 4 4l.8-.8" />
    </>
  ),
  list: <path d="M5.4 4h8.4M5.4 8h8.4M5.4 12h8.4M2.3 4h.1M2.3 8h.1M2.3 12h.1" />,
  mail: (
    <>
      <rect x="1.8" y="3.2" width="12.4" height="9.6" rx="1.6" />
      <path d="m2.2 4.6 5.8 4.2 5.8-4.2" />
    </>
  ),
  minus: <path d="M3.5 8h9" />,
  more: <path d="M3.4 8h.1M8 8h.1M12.6 8h.1" strokeWidth="2.2" />,
  pass: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.3 1.9 1.9 3.8-4.2" />
    </>
  ),
  pause: <path d="M5.2 3.4v9.2M10.8 3.4v9.2" />,
  play: <path d="M4.6 2.8v10.4L13 8Z" />,
  plus: <path d="M3.5 8h9M8 3.5v9" />,
  producer: (
    <>
      <path d="M2.5 8h7" />
      <path d="M6.5 4.5 10 8l-3.5 3.5" />
      <path d="M13.5 3v10" />
    </>
  ),
  queue: (
    <>
      <rect x="1.8" y="4" width="12.4" height="8" rx="1.6" />
      <path d="M5.2 4v8M8.4 4v8" />
    </>
  ),
  retry: (
    <>
      <path d="M13.2 8a5.2 5.2 0 1 1-1.6-3.75" />
      <path d="M13.4 1.9v3h-3" />
    </>
  ),
  right: <path d="m6.2 4 4 4-4 4" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.4 3.4" />
    </>
  ),
  send: (
    <>
      <path d="M14 2 7.2 8.8" />
      <path d="M14 2 9.8 14 7.2 8.8 2 6.2Z" />
    </>
  ),
  star: <path d="m8 1.8 1.9 4 4.3.5-3.2 3 .9 4.3L8 11.5l-3.9 2.1.9-4.3-3.2-3 4.3-.5Z" />,
  stop: <rect x="3.8" y="3.8" width="8.4" height="8.4" rx="1" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 2.2a5.8 5.8 0 0 1 0 11.6Z" fill="currentColor" stroke="none" />
    </>
  ),
  topic: (
    <>
      <path d="M8 2.2 14 5.2 8 8.2 2 5.2Z" />
      <path d="m2 8.2 6 3 6-3" />
      <path d="m2 11 6 3 6-3" />
    </>
  ),
  trash: <path d="M2.6 4h10.8M6 4V2.4h4V4M4 4l.7 9.2a1 1 0 0 0 1 .8h4.6a1 1 0 0 0 1-.8L12 4" />,
  up: <path d="m4 9.8 4-4 4 4" />,
  x: <path d="m4 4 8 8M12 4l-8 8" />,
} satisfies Record<string, ReactNode>
export type IconName = keyof typeof shapes

const sizes = { 16: 'size-4 stroke-[1.5]', 14: 'size-3.5 stroke-[1.6]', 12: 'size-3 stroke-[1.75]' } as const

/** An icon; decorative, so whatever carries it needs a name of its own. `size` is 16, 14 or 12 px. */
export function Icon({ name, size = 14, className }: { name: IconName; size?: 12 | 14 | 16; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={cn('fill-none stroke-current [stroke-linecap:round] [stroke-linejoin:round]', sizes[size], className)}
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  )
}
