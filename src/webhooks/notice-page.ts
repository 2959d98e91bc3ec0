const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it may stand in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? '')

/** A link below the words. */
export type Way = { readonly label: string; readonly href: string }

/** A page of words for somebody whose link does not open. It needs no script, so that it shows in every browser. */
export const noticePage = (site: string, title: string, paragraphs: readonly string[], ways: readonly Way[] = []): string =>
  `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${title} · ${site}`)}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/notice.css">
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${[
  ...paragraphs.map((words) => `<p>${escaped(words)}</p>`),
  ...ways.map(({ label, href }) => `<p><a href="${escaped(href)}">${escaped(label)}</a></p>`),
].join('\n')}
</main>
</body>
</html>
`
