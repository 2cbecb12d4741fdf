export default function NotFound() {
  return (
    <main className="empty">
      <h1>There is nothing at this address</h1>
      <a href="/">Open the lab</a>
    </main>
  )
}
