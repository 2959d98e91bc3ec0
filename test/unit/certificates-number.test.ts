import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNumbers, isUsualNumber, maskNumber, plainNumber, veiled } from '../../src/people/certificates-number.ts'
import { certificateTrades, isCategoryOf, tradeNamed, tradeOf } from '../../src/rules/permits/certificate-trades.ts'
import { trades } from '../../src/rules/permits/trades.ts'

const number = 'T310199198805120011'

test('a number is shown masked, and the mask does not tell its length', () => {
  expect(maskNumber(number)).toBe('T3101********0011')
  expect(maskNumber('310199198911230044')).toBe('31019********0044')
  expect(maskNumber('PX20260041')).toBe('PX********41')
  expect(maskNumber('A12')).toBe('********')
  expect(veiled(`证号${number}，见附件`)).toBe('证号T3101********0011，见附件')
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9A-Z]{1,40}$/), (any) => maskNumber(any).replaceAll('*', '').length <= any.length / 1.6),
  )
})

test('one spelling of a number', () => {
  for (const text of [' t310199 19880512 0011', 'Ｔ３１０１９９１９８８０５１２００１１', 'T310199-19880512-0011'])
    expect(plainNumber(text)).toBe(number)
  expect([isUsualNumber(number), isUsualNumber('310199198805120011'), isUsualNumber('PX1')]).toEqual([true, true, false])
})

test('a sealed number opens under its secret only, is sealed differently each time, and is found by any spelling', () => {
  const [one, other] = [createNumbers('a secret'), createNumbers('another secret')]
  const sealed = one.seal(number)
  expect(sealed).not.toContain('0011')
  expect(one.seal(number)).not.toBe(sealed)
  expect(one.open(sealed)).toBe(number)
  expect(other.open(sealed)).toBe(null)
  expect(one.open(`${sealed.slice(0, -4)}AAAA`)).toBe(null)
  expect(one.find(' t310199-198805120011')).toBe(one.find(number))
  expect(other.find(number)).not.toBe(one.find(number))
})

test('every trade that a rule pack asks for can be imported, and no name means two trades', () => {
  for (const id of Object.keys(trades)) expect(tradeOf(id)?.id).toBe(id)
  for (const trade of certificateTrades)
    for (const name of [trade.name, ...trade.aliases]) expect(tradeNamed(name)?.id, name).toBe(trade.id)
  expect(tradeNamed('高处安装维护拆除作业')?.id).toBe('height.install')
  for (const name of ['电工作业', '焊工', '特种作业', '']) expect(tradeNamed(name), name).toBe(null)
})

test('a category goes with the trade by its own name or that of its register', () => {
  const low = tradeOf('electric.low')
  if (!low) throw new Error('no such trade')
  expect(['电工作业', '电工', '特种作业操作证', '高处作业'].map((text) => isCategoryOf(low, text))).toEqual([
    true,
    true,
    true,
    false,
  ])
})
