import { parseArgs } from 'node:util'
import { accountsCommand, linkCommand, unlinkCommand } from './cli/accounts.ts'
import { backupCommand, restoreCommand } from './cli/backup.ts'
import { boardLinkCommand } from './cli/board-link.ts'
import { certificatesCommand } from './cli/certificates.ts'
import { BadUsage, CannotRun, type Command, type Exit, exit } from './cli/command.ts'
import { doctorCommand } from './cli/doctor.ts'
import { drawCommand } from './cli/draw.ts'
import { exportCommand } from './cli/export.ts'
import { ledgerCommand } from './cli/ledger.ts'
import { importCommand, migrateCommand } from './cli/organisation.ts'
import { permitCommand } from './cli/permit.ts'
import { personCommand } from './cli/person.ts'
import { checkpointCommand, verifyCommand } from './cli/verify.ts'
import { ConfigError } from './config.ts'
import { DirectoryRefused } from './db/pglite.ts'

const commands: Readonly<Record<string, Command>> = {
  doctor: doctorCommand,
  verify: verifyCommand,
  checkpoint: checkpointCommand,
  export: exportCommand,
  ledger: ledgerCommand,
  draw: drawCommand,
  accounts: accountsCommand,
  link: linkCommand,
  unlink: unlinkCommand,
  import: importCommand,
  migrate: migrateCommand,
  backup: backupCommand,
  restore: restoreCommand,
  person: personCommand,
  permit: permitCommand,
  certificates: certificatesCommand,
  'board-link': boardLinkCommand,
}

const overview = (): readonly string[] => [
  'npm run andon -- <command>',
  '',
  ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(13)} ${summary}`),
  '',
  'npm run andon -- <command> --help tells more. Settings: DATABASE_URL, ANDON_CONFIG, ANDON_DATA, as for the service.',
]

const usageOf = (name: string, { usage }: Command): string => `Usage: npm run andon -- ${name}${usage === '' ? '' : ` ${usage}`}`

type Parsed = { readonly flags: Readonly<Record<string, string | boolean | undefined>>; readonly args: readonly string[] }

const wordsFor = (count: number): string => (count === 0 ? 'no words' : count === 1 ? 'one word' : `${count} words`)

/** Unknown options and a wrong number of words are refused, so that a misspelt `--dry-run` changes nothing. */
const parse = (command: Command, words: readonly string[]): Parsed => {
  const options = { ...command.options, help: { type: 'boolean' } } as const
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...words], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new BadUsage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'The options cannot be read')
  }
  const flags = parsed.values as Parsed['flags']
  const [least, most] = typeof command.words === 'number' ? [command.words, command.words] : command.words
  const given = parsed.positionals.length
  if (flags.help !== true && !(given >= least && given <= most))
    throw new BadUsage(`It takes ${wordsFor(least)}${most > least ? ` to ${most}` : ''} after its name, not ${given}.`)
  return { flags, args: parsed.positionals }
}

/** Trouble of the surroundings, worded; null for a bug, which shows where it happened. Nothing of an address is repeated: it may hold a password. */
const trouble = (error: unknown): string | null => {
  if (error instanceof CannotRun || error instanceof ConfigError || error instanceof DirectoryRefused) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^E[A-Z]+$/.test(code))
    return `Something it needs cannot be reached or written (${code}${error instanceof Error && 'path' in error ? `, ${String(error.path)}` : ''}).`
  if (/^(08|28|3D|53|57)/.test(code))
    return `The database refuses (${code}${error instanceof Error ? `: ${error.message}` : ''}).`
  return null
}

/** Runs one command line and gives its exit code. Nothing is thrown: whoever calls it sees why in the lines printed. */
export const runCli = async (argv: readonly string[], env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<Exit> => {
  const [name = '', ...words] = argv
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    const asked = name === '' || name === '--help' || name === 'help'
    for (const line of [...(asked ? [] : [`There is no command ${name}.`, '']), ...overview()]) print(line)
    return asked ? exit.well : exit.cannotRun
  }
  try {
    const { flags, args } = parse(command, words)
    if (flags.help !== true) return await command.run({ flags, args, env, print })
    for (const line of [`${name}: ${command.summary}`, usageOf(name, command), '', ...command.help]) print(line)
    return exit.well
  } catch (error) {
    const words = trouble(error)
    print(
      words === null ? `${name} failed: ${error instanceof Error ? error.stack : String(error)}` : `${name} cannot run. ${words}`,
    )
    if (error instanceof BadUsage) print(usageOf(name, command))
    return exit.cannotRun
  }
}

/** Only when this file is the program: tests import it. */
if (import.meta.main) {
  // Whoever reads only the first lines (`| head`) closes the pipe; that is no failure of ours.
  process.stdout.on('error', () => process.exit(process.exitCode ?? 0))
  process.exitCode = await runCli(process.argv.slice(2), process.env, (line) => void process.stdout.write(`${line}\n`))
}
