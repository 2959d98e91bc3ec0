import type { PageCard } from '../../src/webhooks/miniapp.ts'
import { words } from '../words.ts'
import { PositionControl } from './position.tsx'

type Field = PageCard['form'][number]
export type Values = Readonly<Record<string, string>>
type Change = (name: string, value: string) => void

/** What a field holds: what was typed, else what the card chose already. A choice that is no longer offered is no choice. */
export const filled = (field: Field, typed: Values): string => {
  const value = typed[field.name]
  if (field.kind === 'text') return value ?? field.initial ?? ''
  if (field.kind !== 'choice') return value ?? ''
  const wanted = value ?? field.initial ?? ''
  return field.options.some((option) => option.value === wanted) ? wanted : ''
}

/** The first field that this press wants filled and is not; `needs` are those of the button itself. */
export const missingField = (form: readonly Field[], typed: Values, needs?: readonly string[]): Field | undefined =>
  form.find((field) => (needs ? needs.includes(field.name) : field.required) && filled(field, typed).trim() === '')

const Control = ({ field, typed, change }: { readonly field: Field; readonly typed: Values; readonly change: Change }) => {
  const id = `field-${field.name}`
  const value = filled(field, typed)
  if (field.kind === 'choice')
    return (
      <select id={id} value={value} required={field.required} onChange={(event) => change(field.name, event.currentTarget.value)}>
        <option value="">{words.choose}</option>
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  if (field.kind === 'position')
    return <PositionControl id={id} value={value} change={(measured) => change(field.name, measured)} />
  const common = { id, value, maxLength: field.longest, required: field.required, autocomplete: 'off' as const }
  if (field.kind === 'secret')
    return (
      <input
        {...common}
        type="password"
        inputMode="numeric"
        autocomplete="one-time-code"
        onInput={(event) => change(field.name, event.currentTarget.value)}
      />
    )
  return field.multiline ? (
    <textarea {...common} rows={3} onInput={(event) => change(field.name, event.currentTarget.value)} />
  ) : (
    <input {...common} type="text" onInput={(event) => change(field.name, event.currentTarget.value)} />
  )
}

export const CardForm = ({
  form,
  typed,
  change,
}: {
  readonly form: readonly Field[]
  readonly typed: Values
  readonly change: Change
}) =>
  form.length === 0 ? null : (
    <section class="panel">
      <h2>{words.form}</h2>
      {form.map((field) => (
        <div class="field" key={field.name}>
          <label for={`field-${field.name}`}>
            {field.label}
            {field.required && <span class="required">{words.required}</span>}
          </label>
          <Control field={field} typed={typed} change={change} />
        </div>
      ))}
    </section>
  )
