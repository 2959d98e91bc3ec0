import { useState } from 'preact/hooks'
import { api, type Person, type Plant, type VendorName } from './api.ts'

type Props = {
  readonly person: Person
  readonly platform: VendorName
  /** Null is the bot's own chat. */
  readonly conversation: string | null
  readonly plant: Plant | null
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>
}

type Drawer = 'none' | 'photos' | 'places' | 'codes'

/** Each with its sign as a path in a square of 24. */
const drawers: readonly (readonly [Drawer, string, string])[] = [
  ['photos', 'M3 8h4l2-3h6l2 3h4v11H3zM12 17a4 4 0 1 0 0-8a4 4 0 0 0 0 8z', '照片'],
  ['places', 'M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 0 0 0 5z', '位置'],
  ['codes', 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M4 12h16', '扫码'],
]

const mostBytes = 20_000_000

const base64 = async (file: File): Promise<string> => {
  if (file.size > mostBytes) throw new Error('文件超过 20 MB')
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}

export const Composer = ({ person, platform, conversation, plant, attempt }: Props) => {
  const [text, setText] = useState('')
  const [drawer, setDrawer] = useState<Drawer>('none')
  const where = { platform, ...(conversation === null ? {} : { conversation }) }
  const done = () => {
    setText('')
    setDrawer('none')
  }
  const say = () =>
    text.trim() === ''
      ? undefined
      : void attempt(async () => {
          setText('')
          await api.says(person.id, { text, ...where })
        })
  const send = (sent: object) =>
    void attempt(async () => {
      done()
      await api.sends(person.id, { ...sent, ...where })
    })
  const scan = (code: string) =>
    void attempt(async () => {
      done()
      await api.scans(person.id, { code, ...where })
    })
  const upload = (file: File | undefined) =>
    file &&
    void attempt(async () =>
      send({ kind: file.type.startsWith('image/') ? 'photo' : 'file', base64: await base64(file), name: file.name, text }),
    )

  return (
    <div class="composer">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          say()
        }}
      >
        <input
          aria-label={`${person.name}说`}
          placeholder="发消息给安灯"
          value={text}
          maxLength={5_000}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {drawers.map(([name, sign, label]) => (
          <button
            type="button"
            key={name}
            class="tool"
            aria-label={label}
            title={label}
            aria-expanded={drawer === name}
            onClick={() => setDrawer(drawer === name ? 'none' : name)}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d={sign} />
            </svg>
          </button>
        ))}
        <button type="submit" class="send" disabled={text.trim() === ''}>
          发送
        </button>
      </form>
      {drawer === 'photos' && <Photos plant={plant} text={text} send={send} upload={upload} />}
      {drawer === 'places' && (
        <div class="drawer list">
          {plant?.areas.map(({ id, name }) => (
            <button type="button" key={id} onClick={() => send({ kind: 'location', place: id })}>
              {name}
            </button>
          ))}
        </div>
      )}
      {drawer === 'codes' && (
        <div class="drawer list">
          {plant?.equipment.map(({ id, name, qr }) => (
            <button type="button" key={id} onClick={() => scan(qr)}>
              {name}
              <small>{qr}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

type PhotosProps = {
  readonly plant: Plant | null
  readonly text: string
  readonly send: (sent: object) => void
  readonly upload: (file: File | undefined) => void
}

const Photos = ({ plant, text, send, upload }: PhotosProps) => (
  <div class="drawer photos">
    {plant?.samples.map(({ name, title, hostile }) => (
      <button
        type="button"
        key={name}
        title={`${name}${text ? `，配文字“${text}”` : ''}`}
        onClick={() => send({ kind: 'photo', sample: name, text })}
      >
        {hostile ? <i aria-hidden="true">⚠</i> : <img src={`/samples/${name}`} alt="" loading="lazy" />}
        <span>{title}</span>
      </button>
    ))}
    <label class="upload">
      <i aria-hidden="true">+</i>
      <span>自己的文件</span>
      <input type="file" onChange={(event) => upload(event.currentTarget.files?.[0])} />
    </label>
    <button type="button" title="一秒语音" onClick={() => send({ kind: 'voice', text: '' })}>
      <i aria-hidden="true">♪</i>
      <span>语音</span>
    </button>
  </div>
)
