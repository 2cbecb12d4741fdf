/** Undefined where there is none and none can be installed. */
export function providePrometheus(): { prometheus: string; promtool: string } | undefined
export const neededPrometheus: string
