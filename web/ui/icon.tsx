import {
  ChartLine,
  Check,
  ChevronDown,
  ChevronRight,
  ChevronUp,
  CircleCheck,
  CircleDot,
  CircleQuestionMark,
  CircleX,
  Clock,
  Contrast,
  Copy,
  Database,
  Download,
  Ellipsis,
  FileText,
  FlaskConical,
  Funnel,
  Layers,
  Link,
  List,
  type LucideIcon,
  Mail,
  Maximize,
  Menu,
  Minus,
  Pause,
  Pencil,
  Play,
  Plus,
  Redo2,
  RotateCw,
  Search,
  Send,
  ShieldPlus,
  SkipBack,
  SkipForward,
  Square,
  SquareTerminal,
  Star,
  Trash2,
  TriangleAlert,
  Undo2,
  X,
  Zap,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './recipes/cn.ts'

/** Icons that mean here what they mean everywhere, on a 24 px grid. */
const common = {
  alert: TriangleAlert,
  bolt: Zap,
  chart: ChartLine,
  check: Check,
  clock: Clock,
  copy: Copy,
  db: Database,
  down: ChevronDown,
  download: Download,
  edit: Pencil,
  fail: CircleX,
  file: FileText,
  flask: FlaskConical,
  filter: Funnel,
  fit: Maximize,
  heal: ShieldPlus,
  help: CircleQuestionMark,
  link: Link,
  list: List,
  log: SquareTerminal,
  mail: Mail,
  menu: Menu,
  minus: Minus,
  more: Ellipsis,
  pass: CircleCheck,
  pause: Pause,
  play: Play,
  plus: Plus,
  record: CircleDot,
  retry: RotateCw,
  redo: Redo2,
  right: ChevronRight,
  search: Search,
  send: Send,
  star: Star,
  'step-back': SkipBack,
  'step-on': SkipForward,
  stop: Square,
  theme: Contrast,
  topic: Layers,
  trash: Trash2,
  undo: Undo2,
  up: ChevronUp,
  x: X,
} satisfies Record<string, LucideIcon>

/** Icons of this field, on a 16 px grid. */
const own = {
  burst: (
    <>
      <path d="M2 12.5h2.2M2 8h5M2 3.5h2.2" />
      <path d="m9.4 4.4 3.6 3.6-3.6 3.6" />
    </>
  ),
  consumer: (
    <>
      <rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1.6" />
      <path d="M6.4 6.4h3.2v3.2H6.4z" />
      <path d="M6 1.6v2M10 1.6v2M6 12.4v2M10 12.4v2M1.6 6h2M1.6 10h2M12.4 6h2M12.4 10h2" />
    </>
  ),
  dlq: (
    <>
      <path d="M2 9.2V12a1.6 1.6 0 0 0 1.6 1.6h8.8A1.6 1.6 0 0 0 14 12V9.2" />
      <path d="M2 9.2h3.4l1.2 1.6h2.8l1.2-1.6H14" />
      <path d="m6 2.4 4 4m0-4-4 4" />
    </>
  ),
  graph: (
    <>
      <circle cx="3.6" cy="8" r="1.8" />
      <circle cx="12.4" cy="3.8" r="1.8" />
      <circle cx="12.4" cy="12.2" r="1.8" />
      <path d="m5.2 7.2 5.6-2.6M5.2 8.8l5.6 2.6" />
    </>
  ),
  flow: (
    <>
      <circle cx="3.2" cy="4" r="1.6" />
      <circle cx="12.8" cy="12" r="1.6" />
      <path d="M4.8 4h4a2.4 2.4 0 0 1 0 4.8H7a1.6 1.6 0 0 0 0 3.2h4.2" />
    </>
  ),
  group: (
    <>
      <rect x="2" y="5" width="9" height="9" rx="1.6" />
      <path d="M5 5V3.6A1.6 1.6 0 0 1 6.6 2h5.8A1.6 1.6 0 0 1 14 3.6v5.8a1.6 1.6 0 0 1-1.6 1.6H11" />
    </>
  ),
  inconclusive: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />
      <path d="M8 4.8v3.8M8 11v.1" />
    </>
  ),
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
} satisfies Record<string, ReactNode>
export type IconName = keyof typeof common | keyof typeof own

const isCommon = (name: IconName): name is keyof typeof common => name in common

// Lines are as thick in both: a unit of the finer grid is two thirds of one of the coarser.
const commonSizes = { 16: 'size-4 stroke-[2.25]', 14: 'size-3.5 stroke-[2.4]', 12: 'size-3 stroke-[2.625]' } as const
const ownSizes = { 16: 'size-4 stroke-[1.5]', 14: 'size-3.5 stroke-[1.6]', 12: 'size-3 stroke-[1.75]' } as const

/** An icon; decorative, so whatever carries it needs a name of its own. `size` is 16, 14 or 12 px. */
export function Icon({ name, size = 14, className }: { name: IconName; size?: 12 | 14 | 16; className?: string }) {
  if (isCommon(name)) {
    const Common = common[name]
    return <Common className={cn(commonSizes[size], className)} aria-hidden="true" />
  }
  return (
    <svg
      viewBox="0 0 16 16"
      className={cn(
        'fill-none stroke-current [stroke-linecap:round] [stroke-linejoin:round]',
        ownSizes[size],
        className,
      )}
      aria-hidden="true"
    >
      {own[name]}
    </svg>
  )
}
