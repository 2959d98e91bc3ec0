import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { api, type Message, type Person, type PressResult, type VendorName } from './api.ts'
import { Composer } from './composer.tsx'
import type { Live } from './live.ts'
import { MessageView } from './message.tsx'
import { because, clockTime, platformNames } from './words.ts'

type Props = {
  readonly person: Person
  readonly platform: VendorName
  /** Null until the phone was looked at for the first time. */
  readonly messages: readonly Message[] | null
  readonly live: Live
  readonly zone: string
  readonly remove: () => void
}

export type Toast = { readonly tone: string; readonly text: string }

/** What the client of each platform says when the answer to a press fails or stays away. */
const failure: Readonly<Record<VendorName, string>> = {
  feishu: '出错了，请稍后重试',
  dingtalk: '操作失败，请重试',
  wecom: '操作失败，请稍后再试',
}

const outcome = (platform: VendorName, { toast, status }: PressResult): Toast | null => {
  if (toast) return toast
  return status === 'answered' ? null : { tone: 'danger', text: `${failure[platform]}（${status}）` }
}

const version = ({ id, updatedAt, rung }: Message): string => `${id}/${updatedAt ?? 0}/${rung}`

/** Messages of the bot that came, changed or rang since this phone was last touched. */
const useUnread = (person: string, messages: readonly Message[], loaded: boolean) => {
  const known = useRef<Set<string> | null>(null)
  const [, touch] = useState(0)
  const theirs = messages.filter(({ from }) => from === 'bot')
  if (known.current === null && loaded) known.current = new Set(theirs.map(version))
  const unread = theirs.filter((message) => known.current?.has(version(message)) === false)
  const read = () => {
    if (unread.length === 0) return
    known.current = new Set(theirs.map(version))
    touch((n) => n + 1)
    for (const { id } of unread.slice(-30)) void api.reads(person, id).catch(() => undefined)
  }
  return { unread, read }
}

const useToast = () => {
  const [toast, setToast] = useState<Toast | null>(null)
  useEffect(() => {
    if (!toast) return undefined
    const gone = setTimeout(() => setToast(null), 3_200)
    return () => clearTimeout(gone)
  }, [toast])
  return [toast, setToast] as const
}

export const Phone = ({ person, platform, messages: all, live, zone, remove }: Props) => {
  const mine = (all ?? []).filter((message) => message.platform === platform)
  const [conversation, setConversation] = useState<string | null>(null)
  const talks = [...new Set(mine.map((message) => message.conversation))]
  const messages = conversation === null ? mine : mine.filter((message) => message.conversation === conversation)
  const { unread, read } = useUnread(person.id, mine, all !== null)
  const [toast, setToast] = useToast()
  const [page, setPage] = useState<string | null>(null)
  const now = Date.now() + (live.time?.offset ?? 0)

  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      setToast({ tone: 'danger', text: because(error) })
    }
  }
  const press = (message: string, label: string, form: object) =>
    attempt(async () => setToast(outcome(platform, await api.presses(person.id, { message, label, form }))))
  const open = (message: string, label: string) => attempt(async () => setPage((await api.opens(person.id, message, label)).url))

  return (
    <section
      class={`slot ${unread.length > 0 ? 'unread' : ''} ${unread.some(({ rung }) => rung) ? 'ringing' : ''}`}
      aria-label={`${person.name}的手机`}
    >
      <div class="plate">
        <b>{person.name}</b>
        <span>{person.role}</span>
        <em class={platform}>{platformNames[platform]}</em>
        {unread.length > 0 && <i title="未读">{unread.length}</i>}
        <button type="button" aria-label={`收起${person.name}的手机`} onClick={remove}>
          ×
        </button>
      </div>
      <div class={`phone ${platform}`} onPointerDown={read} onFocusIn={read}>
        <div class="status" aria-hidden="true">
          <span>{clockTime(now, zone)}</span>
          <i />
          <span>5G ▮▮▮</span>
        </div>
        <ChatHead platform={platform} enter={() => attempt(() => api.enters(person.id, platform))} />
        {talks.length > 1 && <Talks talks={talks} live={live} chosen={conversation} choose={setConversation} />}
        <Chat person={person} platform={platform} messages={messages} zone={zone} press={press} open={open} />
        <Composer person={person} platform={platform} conversation={conversation} plant={live.plant} attempt={attempt} />
        {toast && (
          <div class={`toast ${toast.tone}`} role="status">
            <i aria-hidden="true" />
            {toast.text}
          </div>
        )}
        {page !== null && <Page url={page} plant={live.plant} offset={live.time?.offset ?? 0} close={() => setPage(null)} />}
      </div>
    </section>
  )
}

const ChatHead = ({ platform, enter }: { readonly platform: VendorName; readonly enter: () => void }) => (
  <div class="chat-head">
    <span class="back" aria-hidden="true">
      ‹
    </span>
    <button type="button" class="who" title="打开与机器人的会话（触发“进入会话”）" onClick={enter}>
      安灯
      <small>{platform === 'wecom' ? '应用' : '机器人'}</small>
    </button>
    <span class="more" aria-hidden="true">
      ···
    </span>
  </div>
)

type TalksProps = {
  readonly talks: readonly string[]
  readonly live: Live
  readonly chosen: string | null
  readonly choose: (conversation: string | null) => void
}

const Talks = ({ talks, live, chosen, choose }: TalksProps) => {
  const isGroup = (id: string) => live.conversations.find((one) => one.id === id)?.kind === 'group'
  return (
    <fieldset class="talks" aria-label="会话">
      <button type="button" aria-pressed={chosen === null} onClick={() => choose(null)}>
        全部
      </button>
      {talks.map((id) => (
        <button type="button" key={id} aria-pressed={chosen === id} title={id} onClick={() => choose(id)}>
          {isGroup(id) ? `群 ${id.slice(-6)}` : '安灯'}
        </button>
      ))}
    </fieldset>
  )
}

type ChatProps = {
  readonly person: Person
  readonly platform: VendorName
  readonly messages: readonly Message[]
  readonly zone: string
  readonly press: (message: string, label: string, form: object) => Promise<void>
  readonly open: (message: string, label: string) => void
}

const Chat = ({ person, platform, messages, zone, press, open }: ChatProps) => {
  const end = useRef<HTMLDivElement>(null)
  const last = messages.at(-1)?.id
  const toEnd = (within: number) => {
    const chat = end.current
    if (chat && chat.scrollHeight - chat.scrollTop - chat.clientHeight < within) chat.scrollTop = chat.scrollHeight
  }
  useLayoutEffect(() => toEnd(Number.POSITIVE_INFINITY), [last])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="chat" ref={end} role="log" aria-label={`${person.name}看到的消息`} tabIndex={0} onLoadCapture={() => toEnd(320)}>
      {messages.length === 0 && <p class="hint">还没有消息。发一句话或一张照片试试。</p>}
      {messages.map((message) => (
        <MessageView
          key={message.id}
          message={message}
          platform={platform}
          name={person.name}
          zone={zone}
          press={press}
          open={open}
        />
      ))}
    </div>
  )
}

type Place = { readonly id: string; readonly name: string; readonly center: { readonly lat: number; readonly lng: number } }

/** Some 600 m from the middle of the first area, where nothing is signed. */
const officeOf = ([first]: readonly Place[]): readonly Place[] =>
  first ? [{ id: 'office', name: '办公楼', center: { lat: first.center.lat + 0.004, lng: first.center.lng + 0.004 } }] : []

/** A page that asks where its phone is is told the place that was chosen, by the sandbox's clock: the machine that shows the phones stands in no plant. */
const useWhereabouts = (at: Place | undefined, offset: number) => {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const hear = ({ source, data, origin }: MessageEvent<{ readonly andonPosition?: unknown } | null>) => {
      const window = frame.current?.contentWindow
      if (!at || !window || source !== window || data?.andonPosition !== 'wanted') return
      const { lat, lng } = at.center
      const position = [lat.toFixed(6), lng.toFixed(6), '5.0', Date.now() + offset].join(',')
      window.postMessage({ andonPosition: position }, origin)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [at, offset])
  return frame
}

type PageProps = {
  readonly url: string
  readonly plant: Live['plant']
  readonly offset: number
  readonly close: () => void
}

const Page = ({ url, plant, offset, close }: PageProps) => {
  const areas = plant?.areas ?? []
  const places = [...areas, ...officeOf(areas)]
  const [chosen, choose] = useState('')
  const frame = useWhereabouts(places.find(({ id }) => id === chosen) ?? places[0], offset)
  return (
    <div class="page" role="dialog" aria-label="网页">
      <div class="page-head">
        <button type="button" aria-label="关闭网页" onClick={close}>
          ×
        </button>
        <label title="网页询问位置时，这部手机在哪里">
          人在
          <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            {places.map(({ id, name }, index) => (
              <option key={id} value={index === 0 ? '' : id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <a href={url} target="_blank" rel="noreferrer">
          新标签页
        </a>
      </div>
      <iframe ref={frame} src={url} title="卡片打开的网页" />
    </div>
  )
}
