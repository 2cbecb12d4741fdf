import { errorCodes } from '#contracts/errors.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { fieldClass } from '#web/ui/recipes/input-box.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { JsonText } from '../json/json-view.tsx'
import { printJson } from '../json/print-json.ts'
import type { PublishAttempt } from './publish-store.ts'

/** What the server answered, as it did. */
export function AnswerPane({ outcome }: { outcome: PublishAttempt }) {
  if (outcome.state === 'none' || outcome.state === 'sending') return null
  const acked = outcome.state === 'acked'
  const body = acked ? outcome.answer : outcome.problem
  const status = acked ? '202 Accepted' : statusLine(outcome.problem.status)
  return (
    <div className={cn(fieldClass, 'max-[1279px]:group-not-data-[pane=json]/publish:hidden')}>
      <div className={sectionHead}>
        <h3>Answer</h3>
        {acked ? null : (
          <span className="type-11 text-fg-3">
            {errorCodes[outcome.problem.code].retryable ? 'may work later' : ''}
          </span>
        )}
      </div>
      <pre className={cn(codeClass, 'wrap-anywhere whitespace-pre-wrap')}>
        <span className="text-fg-3">{status}</span>
        {'\n'}
        <JsonText text={printJson(body)} />
      </pre>
    </div>
  )
}

const words: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

const statusLine = (status: number): string => (status === 0 ? 'No answer' : `${status} ${words[status] ?? ''}`)
