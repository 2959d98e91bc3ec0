import { linksIn, picturesIn, plainText } from './markdown.ts'
import { type Face, faceOf } from './phone.ts'
import { type Fields, fieldsOf, listOf, textOf } from './wire.ts'

type Picture = (mediaIdOrUrl: string) => string | null
type Params = Readonly<Record<string, string>>
type Sample = {
  readonly keys: readonly string[]
  readonly optional?: readonly string[]
  readonly face: (params: Params, picture: Picture) => Face
}

const at = (params: Params, key: string): string => params[key] ?? ''

const shown = (targets: readonly string[], picture: Picture): readonly string[] =>
  targets.flatMap((target) => picture(target) ?? [])

const markdownFace = (title: string, text: string, picture: Picture): Face =>
  faceOf({ title, text: plainText(text), images: shown(picturesIn(text), picture), links: linksIn(text) })

/** A card of links: its labels open addresses, nothing is called back. */
const actionCardFace = (title: string, text: string, links: Face['links'], picture: Picture): Face =>
  faceOf({
    kind: 'card',
    title,
    text: plainText(text),
    images: shown(picturesIn(text), picture),
    actions: links.map(([label]) => label),
    links,
  })

const numbered = (count: number): Sample => {
  const places = Array.from({ length: count }, (_, index) => index + 1)
  return {
    keys: ['title', 'text', ...places.flatMap((place) => [`actionTitle${place}`, `actionURL${place}`])],
    face: (params, picture) =>
      actionCardFace(
        at(params, 'title'),
        at(params, 'text'),
        places.map((place) => [at(params, `actionTitle${place}`), at(params, `actionURL${place}`)] as const),
        picture,
      ),
  }
}

/** `msgKey` → the keys of `msgParam`, all of them strings ("机器人发送消息的类型", read 2026-08). */
export const samples: Readonly<Record<string, Sample>> = {
  sampleText: {
    keys: ['content'],
    face: (params) => faceOf({ text: at(params, 'content'), links: linksIn(at(params, 'content')) }),
  },
  sampleMarkdown: {
    keys: ['title', 'text'],
    face: (params, picture) => markdownFace(at(params, 'title'), at(params, 'text'), picture),
  },
  sampleImageMsg: { keys: ['photoURL'], face: (params, picture) => faceOf({ images: shown([at(params, 'photoURL')], picture) }) },
  sampleLink: {
    keys: ['title', 'text', 'messageUrl', 'picUrl'],
    face: (params, picture) =>
      faceOf({
        title: at(params, 'title'),
        text: at(params, 'text'),
        images: shown([at(params, 'picUrl')], picture),
        links: [[at(params, 'title'), at(params, 'messageUrl')]],
      }),
  },
  sampleActionCard: {
    keys: ['title', 'text', 'singleTitle', 'singleURL'],
    face: (params, picture) =>
      actionCardFace(at(params, 'title'), at(params, 'text'), [[at(params, 'singleTitle'), at(params, 'singleURL')]], picture),
  },
  sampleActionCard2: numbered(2),
  sampleActionCard3: numbered(3),
  sampleActionCard4: numbered(4),
  sampleActionCard5: numbered(5),
  sampleActionCard6: {
    keys: ['title', 'text', 'buttonTitle1', 'buttonUrl1', 'buttonTitle2', 'buttonUrl2'],
    face: (params, picture) =>
      actionCardFace(
        at(params, 'title'),
        at(params, 'text'),
        [
          [at(params, 'buttonTitle1'), at(params, 'buttonUrl1')],
          [at(params, 'buttonTitle2'), at(params, 'buttonUrl2')],
        ],
        picture,
      ),
  },
  sampleAudio: { keys: ['mediaId', 'duration'], face: () => faceOf({ text: '[语音]' }) },
  sampleFile: {
    keys: ['mediaId', 'fileName', 'fileType'],
    face: (params) => faceOf({ text: `[文件] ${at(params, 'fileName')}` }),
  },
  sampleVideo: {
    keys: ['duration', 'videoMediaId', 'videoType', 'picMediaId'],
    optional: ['height', 'width'],
    face: () => faceOf({ text: '[视频]' }),
  },
}

/** Whether the parameters have every key of their kind, no other, and only strings. */
export const fits = ({ keys, optional = [] }: Sample, params: Fields): params is Params =>
  keys.every((key) => Object.hasOwn(params, key)) &&
  Object.entries(params).every(([key, value]) => (keys.includes(key) || optional.includes(key)) && typeof value === 'string')

/** Media ids among the parameters. */
export const mediaIn = (params: Params): readonly string[] => Object.values(params).filter((value) => value.startsWith('@'))

type Reader = (message: Fields, picture: Picture) => Face | null

const pair = (label: unknown, url: unknown) => [textOf(label), textOf(url)] as const
const filled = (links: Face['links']): boolean => links.length > 0 && links.every(([label, url]) => label !== '' && url !== '')

/** Bodies that the reply address and an HTTP robot's answer may carry ("自定义机器人发送消息的消息类型", read 2026-08); null when a part is missing. */
const replies: Readonly<Record<string, Reader>> = {
  text: ({ text }) => {
    const content = textOf(fieldsOf(text).content)
    return content === '' ? null : faceOf({ text: content, links: linksIn(content) })
  },
  markdown: ({ markdown }, picture) => {
    const { title, text } = fieldsOf(markdown)
    return textOf(title) === '' || textOf(text) === '' ? null : markdownFace(textOf(title), textOf(text), picture)
  },
  link: ({ link }, picture) => {
    const { title, text, messageUrl, picUrl } = fieldsOf(link)
    const links = [pair(title, messageUrl)]
    return filled(links)
      ? faceOf({ title: textOf(title), text: textOf(text), images: shown([textOf(picUrl)], picture), links })
      : null
  },
  actionCard: ({ actionCard }, picture) => {
    const { title, text, singleTitle, singleURL, btns } = fieldsOf(actionCard)
    const many = listOf(btns).map((button) => pair(fieldsOf(button).title, fieldsOf(button).actionURL))
    const links = many.length ? many : [pair(singleTitle, singleURL)]
    return filled(links) && textOf(text) !== '' ? actionCardFace(textOf(title), textOf(text), links, picture) : null
  },
  feedCard: ({ feedCard }, picture) => {
    const rows = listOf(fieldsOf(feedCard).links).map(fieldsOf)
    const links = rows.map(({ title, messageURL }) => pair(title, messageURL))
    if (!filled(links)) return null
    const text = links.map(([label]) => label).join('\n')
    return faceOf({
      kind: 'card',
      text,
      images: shown(
        rows.map(({ picURL }) => textOf(picURL)),
        picture,
      ),
      actions: links.map(([label]) => label),
      links,
    })
  },
}

/** The face of a reply body; undefined for a type that webhooks do not know, null for one that lacks a part. */
export const replyFace = (message: Fields, picture: Picture): Face | null | undefined =>
  replies[textOf(message.msgtype)]?.(message, picture)
