import type { Message, VendorName } from './api.ts'
import { CardView } from './card.tsx'
import { clockTime, ringNames } from './words.ts'

type Props = {
  readonly message: Message
  readonly platform: VendorName
  readonly name: string
  readonly zone: string
  readonly press: (message: string, label: string, form: object) => Promise<void>
  readonly open: (message: string, label: string) => void
}

export const MessageView = ({ message, platform, name, zone, press, open }: Props) => {
  const { from, kind, recalled, rung, sentAt, updatedAt } = message
  const mine = from === 'person'
  if (recalled) return <p class="note">{mine ? '你' : '安灯'}撤回了一条消息</p>
  return (
    <article class={`message ${mine ? 'mine' : 'theirs'} is-${kind}`}>
      <span class="face" aria-hidden="true">
        {mine ? name.slice(-1) : <i class="lamp" />}
      </span>
      <div class="said">
        <p class="when">
          {!mine && <b>安灯</b>} {clockTime(sentAt, zone)}
          {updatedAt !== null && <span>（{clockTime(updatedAt, zone)} 更新）</span>}
          {rung && <em>{ringNames[platform]}</em>}
        </p>
        {kind === 'card' ? (
          <CardView message={message} platform={platform} press={press} open={open} />
        ) : (
          <Bubble message={message} />
        )}
      </div>
    </article>
  )
}

const Bubble = ({ message: { text, title, images } }: { readonly message: Message }) => (
  <>
    {images.map((image) => (
      <a key={image} class="photo" href={image} target="_blank" rel="noreferrer">
        <img src={image} alt={title || text || '照片'} loading="lazy" />
      </a>
    ))}
    {(text !== '' || images.length === 0) && <div class="bubble">{text || title || '（空消息）'}</div>}
  </>
)
