const paint = (code, text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text)

/**
 * Does one step of the start and says so on one line: `✓ install  41.2 s`, or `· build  unchanged` if there was
 * nothing to do. `work` gives false if it did nothing.
 */
export async function step(name, work) {
  const since = Date.now()
  const did = await work(() => console.log(paint(2, `… ${name}`)))
  if (did === false) console.log(paint(2, `· ${name}  unchanged`))
  else console.log(`${paint(32, '✓')} ${name}  ${paint(2, `${((Date.now() - since) / 1000).toFixed(1)} s`)}`)
}
