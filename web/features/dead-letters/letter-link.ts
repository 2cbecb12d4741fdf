import type { Patch } from '#web/live/url-state.ts'

const closed: Patch = { message: undefined, attempt: undefined, node: undefined, edge: undefined, tab: undefined }

/** Opens the drawer of one dead letter. */
export const letterPatch = (id: string): Patch => ({ ...closed, redrive: undefined, letter: id })

/** Opens the drawer of a redrive: of a target, or of one that was begun (`run:<id>`). */
export const redrivePatch = (redrive: string): Patch => ({ ...closed, letter: undefined, redrive })

/** What closes either. */
export const noLetter: Patch = { letter: undefined, redrive: undefined, tab: undefined }
