import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defectNames, plantedDefectOf } from './defects.ts'

const allowed = { FAULTLINE_DEFECT_ALLOWED: '1' }

describe('a planted defect', () => {
  it('is none unless one is named', () => {
    expect(plantedDefectOf({})).toBeUndefined()
    expect(plantedDefectOf({ ...allowed, FAULTLINE_DEFECT: '' })).toBeUndefined()
  })

  it('is refused where the lab was not started for it', () => {
    const planted = { FAULTLINE_DEFECT: 'retry-early' }
    expect(() => plantedDefectOf(planted)).toThrow(
      'start it with FAULTLINE_DEFECT_ALLOWED=1, or unset FAULTLINE_DEFECT',
    )
    expect(() => plantedDefectOf({ ...planted, FAULTLINE_DEFECT_ALLOWED: 'yes' })).toThrow('was not started for that')
  })

  it('belongs to the service that makes such mistakes, or to the one that is named', () => {
    const of = (FAULTLINE_DEFECT: string) =>
      plantedDefectOf({ ...allowed, FAULTLINE_DEFECT, FAULTLINE_DEFECT_LOG: '/log' })
    expect(of('retry-early')).toEqual({ name: 'retry-early', service: 'consumer-db', log: '/log' })
    expect(of('ack-unsent')).toMatchObject({ service: 'producer' })
    expect(of('redrive-to-all')).toMatchObject({ service: 'web' })
    expect(of('swallow-error@consumer-email')).toMatchObject({ name: 'swallow-error', service: 'consumer-email' })
  })

  it.each(['typo', 'retry-early@', '@consumer-db'])('%s is not known, and those that are known are named', (name) => {
    expect(() => plantedDefectOf({ ...allowed, FAULTLINE_DEFECT: name })).toThrow(/is not known: .*retry-early/)
  })

  it.each(defectNames)('%s is explained in docs/defects.md', (name) => {
    expect(readFileSync('docs/defects.md', 'utf8')).toContain(`\n| \`${name}\``)
  })
})
