import type { Clause } from '../../api/narration.ts'
import { between, countWords, were, words } from '../evidenced-text.ts'
import { say } from '../say.ts'
import { evidenceOf, type Story, scenario } from '../story.ts'

/** What was sent, phase by phase, and how long it took until nothing was left. Neither is known of a phase that was cut. */
export function phaseClauses({ run, all }: Story): Clause[] {
  return run.phases.flatMap(({ name, arrivals, until, timeoutMs, detail }): Clause[] => {
    const begin = all('phase').find(({ line }) => line.name === name && line.edge === 'begin')
    const end = all('phase').find(({ line }) => line.name === name && line.edge === 'end')
    if (!begin || !end) return []
    const [began, ended] = [evidenceOf(begin, 'setting', name), evidenceOf(end, 'log', `${name} ended`)]
    const isCut = all('cut').some(({ number }) => number < end.number)
    const frame = { t: begin.line.t, until: end.line.t }
    const length = between(began, begin.line.t, ended, end.line.t)
    if (detail !== undefined)
      return [say(frame)`Phase ${words(began, name)} ended after ${length}: **${words(ended, detail)}**.`]
    if (arrivals > 0) {
      if (isCut) return []
      const sent = were(countWords(scenario, arrivals, 'message'), arrivals)
      return [say(frame)`Phase ${words(began, name)}: **${sent} due** in ${length}.`]
    }
    if (timeoutMs === undefined || until === 'observed' || isCut) return []
    return [say(frame)`**Nothing was unsettled** ${length} after phase ${words(began, name)} began.`]
  })
}
