/** One card in the dress of its platform: Feishu's tinted header, DingTalk's blue strip, WeCom's source line and stacked buttons. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Message, VendorName } from './api.ts'

export type CardProps = {
  readonly message: Message
  readonly platform: VendorName
  readonly press: (message: string, label: string, form: object) => Promise<void>
  readonly open: (message: string, label: string) => void
}

/** A value longer than this takes a row of its own where facts stand in two columns. */
const longFact = 12

/** What the person filled in; a field that was not touched keeps what the card chose. */
const useForm = ({ form }: Message) => {
  const [filled, setFilled] = useState<Readonly<Record<string, string>>>({})
  const initial = Object.fromEntries(form.flatMap(({ name, initial: value }) => (value === null ? [] : [[name, value]])))
  const known = Object.fromEntries(Object.entries(filled).filter(([name]) => form.some((field) => field.name === name)))
  return {
    values: { ...initial, ...known },
    fill: (name: string, value: string) => setFilled((all) => ({ ...all, [name]: value })),
  }
}

export const CardView = ({ message, platform, press, open }: CardProps) => {
  const { values, fill } = useForm(message)
  const [pressing, setPressing] = useState('')
  const act = async (label: string) => {
    if (message.links.includes(label)) return open(message.id, label)
    setPressing(label)
    await press(message.id, label, values)
    setPressing('')
  }
  return (
    <div class={`card ${message.tone}`}>
      <Head message={message} platform={platform} />
      <div class="card-body">
        {message.text !== '' && <p class="words">{message.text}</p>}
        {message.facts.length > 0 && (
          <dl>
            {message.facts.map(([label, value], at) => (
              <div key={`${at}${label}`} class={value.length > longFact ? 'long' : ''}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {message.images.length > 0 && (
          <div class={`pictures of-${Math.min(3, message.images.length)}`}>
            {message.images.map((image) => (
              <a key={image} href={image} target="_blank" rel="noreferrer">
                <img src={image} alt={`${message.title}的照片`} loading="lazy" />
              </a>
            ))}
          </div>
        )}
        {message.form.map((field) => (
          <Field key={field.name} field={field} value={values[field.name] ?? ''} fill={(value) => fill(field.name, value)} />
        ))}
      </div>
      {message.actions.length > 0 && (
        <div class={`actions of-${message.actions.length}`}>
          {message.actions.map((label, at) => (
            <button
              type="button"
              key={label}
              class={at === 0 ? 'first' : ''}
              disabled={pressing !== ''}
              aria-busy={pressing === label}
              onClick={() => act(label)}
            >
              {label}
              {message.links.includes(label) && <span aria-hidden="true"> ›</span>}
            </button>
          ))}
        </div>
      )}
      {message.links.includes('') && (
        <button type="button" class="whole" onClick={() => open(message.id, '')}>
          查看详情 <span aria-hidden="true">›</span>
        </button>
      )}
    </div>
  )
}

const Head = ({ message, platform }: { readonly message: Message; readonly platform: VendorName }) => (
  <div class="card-head">
    {platform === 'wecom' && (
      <p class="source">
        <i class="lamp" aria-hidden="true" />
        安灯
      </p>
    )}
    <h3>{message.title}</h3>
  </div>
)

type FieldProps = { readonly field: Message['form'][number]; readonly value: string; readonly fill: (value: string) => void }

const Field = ({ field, value, fill }: FieldProps) => (
  <Labelled label={field.label || field.name}>
    {field.options.length > 0 ? (
      <select value={value} onChange={(event) => fill(event.currentTarget.value)}>
        <option value="" disabled>
          请选择
        </option>
        {field.options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    ) : (
      <textarea
        rows={field.kind === 'input' ? 1 : 2}
        value={value}
        placeholder="请输入"
        onInput={(event) => fill(event.currentTarget.value)}
      />
    )}
  </Labelled>
)

const Labelled = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is the only child
  <label class="field">
    <span>{label}</span>
    {children}
  </label>
)
