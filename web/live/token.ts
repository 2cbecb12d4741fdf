/**
 * The token of a lab that asks for one (`FAULTLINE_TOKEN`). It is given once as `#token=…`, kept for the browser
 * session and taken out of the address, so that a copied link does not carry it.
 */
const key = 'faultline.token'

/** Undefined where this browser has none. */
export function readToken(): string | undefined {
  const given = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (given) {
    window.sessionStorage.setItem(key, given)
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  }
  return window.sessionStorage.getItem(key) ?? undefined
}

export function keepToken(token: string): void {
  window.sessionStorage.setItem(key, token)
}
