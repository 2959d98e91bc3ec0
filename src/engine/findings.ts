import { fill } from '../cards/words.ts'

/** Everything that the verification can find, in the words an auditor reads. `docs/proof.md` explains what each means and what to do. */
const sentences = {
  'entries-missing': 'entries {from} to {to} of its journal are missing',
  'entry-out-of-place': 'entry {seq} stands where no entry can be',
  'entry-unlinked': 'entry {seq} does not follow from the entry before it',
  'entry-changed': 'entry {seq} is not what was written: its content does not fit its hash',
  'redaction-forgotten': 'entry {seq} was redacted, and the record of it is gone',
  'entry-unreadable': 'entry {seq} cannot be read by this release ({because})',
  'entry-unsealed': 'entry {seq} is in no seal: no Andon with the secret of this installation wrote it, or its seal was removed',
  'entries-unsealed': '{count} more entries are in no seal',
  'case-missing': 'its journal is there, but the case itself is gone',
  'journal-missing': 'the case is there, but its whole journal is gone',
  'case-unknown': 'it belongs to the workflow «{workflow}», which this release does not know',
  'head-differs': 'its head is not the hash of the last entry of its journal',
  'revision-differs': 'it says it has {revision} entries, its journal ends at {seq}',
  'state-differs': 'its state is not what its journal adds up to',
  'column-differs': 'its column «{column}» is not what its journal adds up to',
  'trace-without-case': 'it is spoken of ({traces}), but there is no such case',
  'link-unproved': 'the account is linked to {person} by «{proof}», but its request says {said}',
  'link-lost': 'its journal links an account to {person}, but that account belongs to {held}',
  'photo-missing': 'the photo {photo} is gone from the store',
  'photo-changed': 'the photo {photo} is not the one that was stored',
  'photo-unreadable': 'the photo {photo} cannot be read from the store ({because})',
  'seals-missing': 'seals {from} to {to} are missing',
  'seal-out-of-place': 'seal {seq} stands where no seal can be',
  'seal-unlinked': 'seal {seq} does not follow from the seal before it',
  'seal-changed': 'seal {seq} was not made with the secret of this installation, or was changed since',
  'seal-unreadable': 'seal {seq} does not say what it seals',
  'no-seal-fits':
    'not one of {count} seals fits the configured secret: it is another secret than the one they were made with, or all were replaced',
  'sealed-case-missing': 'the case was sealed at entry {revision}, and is gone',
  'sealed-entry-missing': 'entry {revision} was sealed, and is gone',
  'sealed-entry-differs': 'entry {revision} is not the one that was sealed',
  'checkpoints-missing': 'checkpoints {from} to {to} are missing',
  'checkpoint-unreadable': 'the file is not a checkpoint',
  'checkpoint-forged': 'the file was not signed with the secret of this installation, or was changed since',
  'checkpoint-misnamed': 'the file holds the checkpoint {seq}',
  'checkpoint-unlinked': 'the file does not follow from the checkpoint before it',
  'checkpoint-replaced': 'the file is not the one that the database remembers',
  'checkpointed-case-missing': 'the case stood at entry {revision} then, and is gone',
  'checkpointed-entry-missing': 'entry {revision} was there then, and is gone',
  'checkpointed-entry-differs': 'entry {revision} is not the one that was there then',
  'checkpointed-seal-missing': 'seal {seq} was there then, and is gone',
  'checkpointed-seal-differs': 'seal {seq} is not the one that was there then',
} as const

export type FindingKind = keyof typeof sentences

/** One thing that is not as it must be. `on` names the case, lane or file it was found on. */
export type Finding = { readonly kind: FindingKind; readonly on: string; readonly values: Readonly<Record<string, string>> }

export type Report = (kind: FindingKind, on: string, values?: Readonly<Record<string, string | number>>) => void

/** Text from a database that may have been tampered with, made harmless for a terminal. */
export const harmless = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    .slice(0, 300)

export const makeFinding = (kind: FindingKind, on: string, values: Readonly<Record<string, string | number>> = {}): Finding => ({
  kind,
  on: harmless(on),
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, harmless(String(value))])),
})

/** A finding as one line of plain language. */
export const sayFinding = ({ kind, on, values }: Finding): string => `${on}: ${fill(sentences[kind], values)}.`

/** How a case is named in findings: its code as people know it, and its id. */
export const nameOfCase = (id: string, code: string | null): string =>
  code === null || code === id ? `case ${id}` : `case ${code} (${id})`
