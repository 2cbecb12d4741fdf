/** How what a worker says of itself is shown. */
export const shownAs = {
  starting: 'starting',
  'waiting-for-broker': 'waiting-for-broker',
  running: 'up',
  draining: 'stopping',
} as const
