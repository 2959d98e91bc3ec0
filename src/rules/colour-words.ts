import type { Colour } from './sla.ts'

/**
 * Words that suggest a colour to whoever triages; a suggestion is never a grade and is always confirmed by a person.
 * First row that matches wins. Forced rules of the domain reference come first (interlock bypassed, unguarded edge, fire, gas).
 */
const rows: readonly (readonly [Colour, RegExp])[] = [
  ['red', /起火|着火|冒烟|爆炸|燃气|煤气|毒气|中毒|硫化氢|氨气泄漏|联锁.{0,6}(旁路|摘除|短接)|临边.{0,4}(无|缺)|超压|坍塌|触电/],
  [
    'orange',
    /泄漏|漏油|漏气|漏液|滴漏|带电|裸露|断裂|开裂|护栏.{0,4}(松|断|缺)|防护罩.{0,4}(缺|松)|堵塞.{0,4}(通道|出口)|消防通道/,
  ],
  ['blue', /标识|标签|脏|积灰|照明.{0,4}暗|摆放|杂物/],
]

/** The colour that the words suggest; yellow when nothing speaks for another. */
export const suggestColour = (text: string): Colour => rows.find(([, words]) => words.test(text))?.[0] ?? 'yellow'
