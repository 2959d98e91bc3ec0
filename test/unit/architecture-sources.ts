import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A node of the syntax tree; what its other members mean depends on its `type`. */
export type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>

export type Import = { readonly from: string; readonly typeOnly: boolean }

export type Source = {
  /** Path from the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly nodes: readonly Node[]
  readonly imports: readonly Import[]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** Every node of a tree, parents before their children. */
const walk = (node: Node): readonly Node[] => {
  const found: Node[] = []
  const visit = (one: Node): void => {
    found.push(one)
    for (const value of Object.values(one))
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child)
  }
  visit(node)
  return found
}

/** Static imports and exports, imports of types, and dynamic imports of a literal; a dynamic import of anything else is reported as `?`. */
const importsOf = (nodes: readonly Node[]): readonly Import[] =>
  nodes.flatMap((node): readonly Import[] => {
    if (
      !['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'].includes(
        node.type,
      )
    )
      return []
    const { source } = node
    if (node.type.startsWith('Export') && !isNode(source)) return []
    const from = isNode(source) && typeof source.value === 'string' ? source.value : '?'
    return [
      {
        from,
        typeOnly: node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type' || onlyTypes(node),
      },
    ]
  })

const onlyTypes = ({ specifiers }: Node): boolean =>
  Array.isArray(specifiers) &&
  specifiers.length > 0 &&
  specifiers.every((one) => isNode(one) && (one.importKind === 'type' || one.exportKind === 'type'))

const parse = (path: string): Source => {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]?.message}`)
  const nodes = walk(program as unknown as Node)
  return { path, text, nodes, imports: importsOf(nodes) }
}

/** All TypeScript files under these folders, built pages left out. */
export const sourcesUnder = (...folders: readonly string[]): readonly Source[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name).replaceAll('\\', '/'))
      .filter((path) => /\.tsx?$/.test(path) && !path.includes('/dist/') && !path.includes('node_modules'))
      .sort()
      .map(parse),
  )

/** Where a relative import leads, from the root of the project; null for packages and Node's own modules. */
export const target = ({ path }: Source, { from }: Import): string | null =>
  from.startsWith('.') ? relative(root, resolve(root, dirname(path), from)).replaceAll('\\', '/') : null

const line = (text: string, at: number): number => text.slice(0, at).split('\n').length

export const functionKinds = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

const height = ({ text }: Source, { start, end }: Node): number => text.slice(start, end).split('\n').length

/**
 * First line and own length in lines of each function. A factory is measured without the functions that stand in it, each of which is measured by itself:
 * what has to be held in the head at once is what counts.
 */
export const functionsOf = (source: Source): readonly { readonly line: number; readonly length: number }[] => {
  const functions = source.nodes.filter(({ type }) => functionKinds.includes(type))
  const isIn = (inner: Node, outer: Node): boolean => inner !== outer && inner.start >= outer.start && inner.end <= outer.end
  return functions.map((outer) => {
    const inside = functions.filter((one) => isIn(one, outer))
    const direct = inside.filter((one) => !inside.some((between) => isIn(one, between)))
    const others = direct.reduce((sum, one) => sum + height(source, one) - 1, 0)
    return { line: line(source.text, outer.start), length: height(source, outer) - others }
  })
}

export const placeOf = ({ path, text }: Source, node: Node): string => `${path}:${line(text, node.start)}`

/** The texts that an expression can have: a literal, either arm of a choice, or the fixed start of a template followed by `*`. */
export const textsOf = (node: unknown): readonly string[] => {
  if (!isNode(node)) return []
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node.type === 'ConditionalExpression') return [...textsOf(node.consequent), ...textsOf(node.alternate)]
  if (node.type === 'TemplateLiteral' && Array.isArray(node.quasis)) {
    const [first] = node.quasis
    return isNode(first) ? [`${String((first.value as { cooked: string }).cooked)}*`] : []
  }
  return []
}

export const nameOf = (node: unknown): string => (isNode(node) && typeof node.name === 'string' ? node.name : '')
export const isCall = (node: Node, name: string): boolean => node.type === 'CallExpression' && nameOf(node.callee) === name
export const argument = (node: Node, index: number): unknown =>
  Array.isArray(node.arguments) ? node.arguments[index] : undefined
