/** The smallest 1, 2, 2.5 or 5 times a power of ten, four of which cover the time. */
export function niceAxis(ms: number): number {
  const step = Math.max(ms, 0.4) / 4
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10
  return factor * power * 4
}

/** Five marks from 0 to `axisMs`; the last one carries the unit. */
export function ticksOf(axisMs: number): string[] {
  const [unit, size] =
    axisMs >= 3_600_000 * 4
      ? ['h', 3_600_000]
      : axisMs >= 240_000
        ? ['min', 60_000]
        : axisMs >= 1_000
          ? ['s', 1_000]
          : ['ms', 1]
  return [0, 1, 2, 3, 4].map((index) => {
    const value = Number(((axisMs * index) / 4 / Number(size)).toPrecision(3))
    return index === 4 ? `${value} ${unit}` : index === 0 ? '0' : String(value)
  })
}
