import { emptyClass } from '#web/ui/recipes/panel-parts.ts'

export default function NotFound() {
  return (
    <main className={emptyClass}>
      <h1>There is nothing at this address</h1>
      <a href="/">Open the lab</a>
    </main>
  )
}
