import { expect, test } from 'vitest'
import { createRegistry, missingParts, type Registered } from '../../src/engine/registry.ts'
import type { CommandRule } from '../../src/workflows/workflow.ts'

const hazard = createRegistry().get('hazard') as Registered
const withCommand = (name: string, rule: CommandRule): Registered => ({
  ...hazard,
  workflow: { ...hazard.workflow, commands: { ...hazard.workflow.commands, [name]: rule } },
})
const plain: CommandRule = { from: 'person', opens: false, needs: ['plant'], guards: [] }

test('the workflows of this release are complete', () => {
  expect([...createRegistry().keys()]).toEqual(expect.arrayContaining(['hazard', 'link', 'toolbox']))
  expect([...createRegistry().values()].flatMap(missingParts)).toEqual([])
})

test.each([
  ['a button without words', plain, 'no words for its button'],
  ['a case that opens without a code', { ...plain, from: 'system', opens: true } as const, 'opens a case but needs no code'],
  [
    'a code without its guard',
    { ...plain, from: 'system', opens: true, needs: ['code'] } as const,
    'draws a code without its guard',
  ],
])('%s is found before anything runs', (_, rule, why) => {
  const broken = withCommand('postpone', rule)
  expect(missingParts(broken)).toEqual([`hazard.postpone: ${why}`])
  expect(() => createRegistry([broken])).toThrow(`hazard.postpone: ${why}`)
})

test('commands of the clock and the machine need no button', () => {
  expect(missingParts(withCommand('postpone', { ...plain, from: 'clock' }))).toEqual([])
})

test('the drop of a label stops the start', () => {
  const { accept: _, ...actions } = hazard.words.actions
  expect(() => createRegistry([{ ...hazard, words: { ...hazard.words, actions } }])).toThrow(
    'hazard.accept: no words for its button',
  )
})
