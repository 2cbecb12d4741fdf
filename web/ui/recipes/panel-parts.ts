/** The head of a panel: its title first or after an icon. */
export const panelHead =
  'flex min-h-12 items-center gap-2 pr-3 pl-4 title:type-14 title:font-semibold title:min-w-0 title:tracking-[-0.005em] title:truncate [&_button:disabled]:border-transparent [:where(&>svg)]:text-fg-2'
/** Facts below the head of a panel. */
export const panelSub = 'flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pb-3 text-fg-3'
/** What scrolls between the head and the foot of a panel; what gets the focus stops above a foot that lies over it. */
export const panelBody = 'flex min-h-0 flex-1 flex-col overflow-auto has-data-over-body:scroll-pb-14'
/** Actions at the lower edge of a panel. */
export const panelFoot = 'flex h-12 flex-none items-center gap-2 border-t border-line bg-surface px-4'
/** A section of a panel, with a line to the next one. */
export const sectionClass = 'grid gap-2 border-b border-line px-4 py-3 last:border-b-0'
/** The head of a section. */
export const sectionHead = 'flex min-h-5 items-center gap-2 title:type-12 title:font-semibold'
/** The place of what is not there, with the reason in its middle. */
export const emptyClass = 'flex flex-1 flex-col items-center justify-center gap-1'
