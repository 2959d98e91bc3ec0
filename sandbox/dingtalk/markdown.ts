/** The platform's small markdown as a person reads it. */

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&nbsp;': ' ',
  '&quot;': '"',
  '&#39;': "'",
}

/** Markup off: escapes undone, emphasis, headings, quotes and tags removed, links reduced to their words, pictures left out. */
export const plainText = (markdown: string): string =>
  markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replaceAll(/\[((?:[^\]\\]|\\.)*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/?(?:font|a|b|i|u|span|p)\b[^>]*>/gi, '')
    .replaceAll(/^ {0,3}#{1,6}\s+/gm, '')
    .replaceAll(/^ {0,3}>\s?/gm, '')
    .replaceAll(/(?<!\\)\*\*/g, '')
    .replaceAll(/\\([\\`*_{}[\]()#+\-.!|>~<&:])/g, '$1')
    .replaceAll(/&(?:lt|gt|amp|nbsp|quot|#39);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()

/** `[label](url)` pairs; the label is what a person reads. */
export const linksIn = (markdown: string): readonly (readonly [string, string])[] =>
  [...markdown.matchAll(/(?<!!)\[((?:[^\]\\]|\\.)+)\]\(([^)\s]+)\)/g)].map(
    ([, label = '', url = '']) => [plainText(label), url] as const,
  )

/** Targets of `![](…)`. */
export const picturesIn = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)

/** One fact per line, `**label** value`; a line of another shape is a fact without a label. */
export const factsIn = (markdown: string): readonly (readonly [string, string])[] =>
  markdown
    .split(/\n|<br\s*\/?>/i)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, label, value] = /^(?:[-+*>]\s+)?\*\*((?:[^*\\]|\\.)+)\*\*\s*[:：]?\s*(.*)$/u.exec(line) ?? []
      if (label === undefined) return ['', plainText(line)] as const
      return [plainText(label).replace(/\s*[:：]$/u, ''), plainText(value ?? '')] as const
    })
