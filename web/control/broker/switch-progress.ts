import type { BrokerSwitch, SwitchStep } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** The record of one switch as it goes on. Every change makes a new value. */
export interface SwitchProgress {
  view(): BrokerSwitch
  /** Runs a step; its state follows the promise. */
  step<T>(name: SwitchStep['name'], work: () => Promise<T>): Promise<T>
  /** What the running step waits for. */
  detail(text: string): void
  patch(change: Partial<Pick<BrokerSwitch, 'left' | 'abandoned' | 'reason'>>): void
  end(outcome: NonNullable<BrokerSwitch['outcome']>, reason?: string): void
}

export function createSwitchProgress(from: BrokerName, to: BrokerName, now: () => number): SwitchProgress {
  const time = (): string => new Date(now()).toISOString()
  const names = ['engine', 'drain', 'wiring', 'workers'] as const
  let view: BrokerSwitch = { from, to, startedAt: time(), steps: names.map((name) => ({ name, state: 'pending' })) }

  const set = (change: Partial<BrokerSwitch>): void => {
    view = { ...view, ...change }
  }
  const setStep = (wanted: (step: SwitchStep) => boolean, change: Partial<SwitchStep>): void =>
    set({ steps: view.steps.map((step) => (wanted(step) ? { ...step, ...change } : step)) })

  return {
    view: () => view,
    async step(name, work) {
      const isThis = (step: SwitchStep): boolean => step.name === name
      setStep(isThis, { state: 'running', startedAt: time() })
      try {
        const result = await work()
        setStep(isThis, { state: 'done', endedAt: time() })
        return result
      } catch (error) {
        setStep(isThis, { state: 'failed', endedAt: time() })
        throw error
      }
    },
    detail(text) {
      const running = view.steps.find((step) => step.state === 'running')
      if (running && running.detail !== text) setStep((step) => step === running, { detail: text })
    },
    patch: set,
    end(outcome, reason) {
      const { left: _left, ...rest } = view
      view = { ...rest, endedAt: time(), outcome, ...(reason === undefined ? {} : { reason }) }
    },
  }
}
