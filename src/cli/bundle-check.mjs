/**
 * Checks an exported case without Andon and without the database: node check.mjs
 * Needs nothing but Node 20 or newer. What it cannot check is said in README.txt.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const file = (path) => new URL(path, import.meta.url)
const { subject, journal, seals, photos, redactions = [] } = JSON.parse(readFileSync(file('case.json'), 'utf8'))
const wrong = []

let head = sha256(`andon journal ${subject.site} ${subject.id}`)
journal.forEach(({ hash, ...entry }, index) => {
  const text = JSON.stringify(entry, Object.keys(entry).sort())
  if (entry.seq !== index + 1) wrong.push(`entry ${index + 1} is missing`)
  if (entry.prev !== head) wrong.push(`entry ${entry.seq} does not follow from the one before it`)
  const found = sha256(text)
  const redaction = redactions.find((one) => one.seq === entry.seq && one.original === hash && one.redacted === found)
  if (found !== hash && redaction === undefined) wrong.push(`entry ${entry.seq} is not what was written`)
  else if (found !== hash)
    console.log(`entry ${entry.seq} was redacted at ${redaction.at} by ${redaction.by}: ${redaction.reason}`)
  head = hash
})
if (head !== subject.head || journal.length !== subject.revision) wrong.push('the case does not end where its journal ends')
if (
  !seals.some(({ body }) =>
    JSON.parse(body).some(([id, revision, hash]) => id === subject.id && revision === subject.revision && hash === head),
  )
)
  wrong.push('no seal covers the last entry')
for (const { key, path } of photos) {
  if (path === null || !existsSync(file(path))) wrong.push(`photo ${key} is missing`)
  else if (sha256(readFileSync(file(path))) !== key) wrong.push(`photo ${key} was changed`)
}

for (const line of wrong) console.log(line)
console.log(`${journal.length} entries, ${photos.length} photos: ${wrong.length === 0 ? 'intact' : `${wrong.length} findings`}`)
process.exitCode = wrong.length === 0 ? 0 : 1
