import { expect, test } from 'vitest'
import { everyPattern, type Identity, markOf, nameMark, scrub, tellingPattern } from '../../src/people/erasure.ts'

const identity = (marks: Identity['marks'], namesakes = 0): Identity => ({
  ...{ site: 'SH01', person: 'zhang-wei', name: '张伟', active: false, standIn: 'erased-1', marks, namesakes, accounts: [] },
})

test('an id is found as a whole word only, wherever it stands', () => {
  const who = identity([markOf('zhang-wei', 'erased-1')])
  expect(scrub(who, '{"by":"zhang-wei","key":"person:zhang-wei","note":"由zhang-wei处理"}')).toBe(
    '{"by":"erased-1","key":"person:erased-1","note":"由erased-1处理"}',
  )
  const others = '"zhang-wei2" "zhang-wei-2" "x-zhang-wei" "azhang-wei" "zhang_wei" "ZHANG-WEI"'
  expect(scrub(who, others)).toBe(others)
})

test('signs in an id mean themselves', () => {
  const who = identity([markOf('a.b+c/d=*(1)[2]', 'gone')])
  expect(scrub(who, '"a.b+c/d=*(1)[2]" "aXb+c/d=*(1)[2]"')).toBe('"gone" "aXb+c/d=*(1)[2]"')
})

test('a name is found in any sentence, but not inside the longer name of somebody else', () => {
  const who = identity([nameMark('张伟', '某人', ['张伟明', '小张伟', '李娜', '张伟'])])
  expect(scrub(who, '"张伟" 张伟说 找张伟，张伟明 小张伟 老张伟 李娜')).toBe('"某人" 某人说 找某人，张伟明 小张伟 老某人 李娜')
  expect(scrub(identity([nameMark('Li Na', 'gone', [])]), 'Li Na, Li Nana, "Li Na"')).toBe('gone, Li Nana, "gone"')
})

test('with a namesake a name alone tells nothing', () => {
  const marks = [markOf('zhang-wei', 'erased-1'), nameMark('张伟', '某人', [])]
  expect(new RegExp(tellingPattern(identity(marks))).test('张伟')).toBe(true)
  expect(new RegExp(tellingPattern(identity(marks, 1))).test('张伟')).toBe(false)
  expect(new RegExp(tellingPattern(identity(marks, 1))).test('张伟 zhang-wei')).toBe(true)
  expect(new RegExp(everyPattern(identity(marks, 1))).test('张伟')).toBe(true)
})
