import { storable } from '../../lib/text.ts'

/**
 * Words of people inside markdown. Whether every client honours backslash escapes is not documented, so what could open markup, a tag,
 * a mention or a link is replaced by its full-width twin: it reads the same and means nothing to any parser.
 */
export const plainWords = (text: string): string =>
  storable(text)
    .replace(/[*`~[\]<>@\\|&]/g, (char) => wide(char))
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '＿')
    .replace(/:(?=\/\/)/g, '：')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}．`)
    .replace(/^[ \t]+/gm, '')
    .replace(/^[#+-]/gm, (char) => wide(char))
    .replace(/^(\d{1,9})([.)])/gm, (_, number: string, mark: string) => `${number}${wide(mark)}`)

/** The same on one line, for the value of a fact. */
export const plainLine = (text: string): string => plainWords(oneLine(text))

export const oneLine = (text: string): string => storable(text).replace(/\s+/g, ' ').trim()

/** Lines of a paragraph: a line break is two spaces before the line feed. Page "消息类型和数据格式" (`robot-message-type`), 2026-08. */
export const lines = (parts: readonly string[]): string => parts.filter(Boolean).join('  \n')

export const paragraph = (text: string): string => lines(plainWords(text).split('\n'))

/** ASCII to its full-width form. */
const wide = (char: string): string => String.fromCodePoint(char.charCodeAt(0) + 0xfee0)
