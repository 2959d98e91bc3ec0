import type { Card, Loss } from '../../cards/card.ts'
import { clip, clipBytes } from '../../lib/text.ts'
import { fitCard as cutToFit } from '../fit.ts'
import { canWithoutTemplate } from './can.ts'
import { lines, oneLine, paragraph, plainLine } from './markdown.ts'
import { clippedParts, factLine, safeUrl, summaryOf } from './render.ts'

/** A robot message: `msgKey` names its type, `msgParam` is its JSON as a text. */
export type RobotMessage = { readonly msgKey: string; readonly msgParam: string; readonly lost: readonly Loss[] }

/** Page "机器人发送群聊消息" (`the-robot-sends-a-group-message`), 2026-08: at most 15,000 bytes of msgParam. */
const longestParam = 15_000
const longestMarkdown = 10_000

/**
 * The card of an organisation that has not imported the template: its words as markdown and links to its page, one per action.
 * Pressing happens on the page; the message can be recalled but never repainted.
 */
export const linkMessage = (card: Card): RobotMessage => {
  const fitted = cutToFit(card, canWithoutTemplate)
  const title = summaryOf(card) || clip(oneLine(card.title), 100)
  const text = clipBytes(words(fitted.card), longestMarkdown)
  const links = linksOf(card)
  const lost = [
    ...fitted.lost.filter(({ part }) => part !== 'actions'),
    ...clippedParts(card),
    ...actionsLost(card, links.length),
  ]
  const [first] = links
  if (!first) return { msgKey: 'sampleMarkdown', msgParam: JSON.stringify({ title, text }), lost }
  if (links.length === 1) {
    return {
      msgKey: 'sampleActionCard',
      msgParam: JSON.stringify({ title, text, singleTitle: first.label, singleURL: first.url }),
      lost,
    }
  }
  const buttons = links.flatMap(({ label, url }, index) => [
    [`actionTitle${index + 1}`, label],
    [`actionURL${index + 1}`, url],
  ])
  return {
    msgKey: `sampleActionCard${links.length}`,
    msgParam: JSON.stringify({ title, text, ...Object.fromEntries(buttons) }),
    lost,
  }
}

/** Plain words, sent as they are. Escapes of JSON count as bytes too, so the text is cut until the whole fits. */
export const textMessage = (text: string): RobotMessage => {
  let content = clipBytes(text, canWithoutTemplate.longestText)
  while (Buffer.byteLength(JSON.stringify({ content })) > longestParam) content = clip(content, Math.floor(content.length / 2))
  const lost: Loss[] = content === text ? [] : [{ part: 'body', standIn: 'clipped' }]
  return { msgKey: 'sampleText', msgParam: JSON.stringify({ content }), lost }
}

const words = (card: Card): string =>
  [
    `### ${plainLine(clip(card.title, 100))}`,
    plainLine(clip(card.subtitle, 100)),
    lines(card.facts.map(({ label, value }) => factLine(label, value))),
    paragraph(clip(card.body, 2_000)),
    plainLine(clip(card.note, 200)),
  ]
    .filter(Boolean)
    .join('\n\n')

/** The actions' own labels first, the page last: at most five, all to the one signed page. */
const linksOf = (card: Card): readonly { readonly label: string; readonly url: string }[] => {
  const url = card.page ? safeUrl(card.page.url) : ''
  if (!card.page || !url) return []
  const labels = [...card.actions.slice(0, canWithoutTemplate.actions).map(({ label }) => label), card.page.label]
  return labels.map((label) => ({ label: clip(oneLine(label), 20), url }))
}

const actionsLost = (card: Card, links: number): readonly Loss[] =>
  card.actions.length > 0 ? [{ part: 'actions', standIn: links > 0 ? 'page' : 'none' }] : []
