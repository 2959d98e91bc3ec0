/** Parts that several components of card JSON 2.0 share: texts, icons, pictures, people, options, behaviors. */
import {
  anything,
  both,
  CardFault,
  type Check,
  flag,
  isFields,
  list,
  object,
  oneOf,
  string,
  subCode,
  wrong,
} from './card-checks.ts'

const textAttributes = {
  content: string(),
  i18n_content: anything,
  text_size: string(),
  text_color: string(),
  text_align: oneOf('left', 'center', 'right'),
  lines: anything,
}

const textOf =
  (tags: readonly string[], most?: number): Check =>
  (value, at) =>
    object({ ...textAttributes, tag: oneOf(...tags), content: string(most) }, ['tag', 'content'])(value, at)

export const plainText = (most?: number): Check => textOf(['plain_text'], most)

export const picture: Check = (value, at) => {
  if (typeof value !== 'string') return wrong(at, 'a string is expected', value)
  if (!at.book.ownsPicture(value)) throw new CardFault(subCode.picture, 'invalid image key', at.path, value)
}

export const person: Check = (value, at) => {
  if (typeof value !== 'string') return wrong(at, 'a string is expected', value)
  if (!at.book.knowsUser(value)) throw new CardFault(subCode.user, 'invalid user resource', at.path, value)
}

const markdownPictures = /!\[[^\]]*\]\(([^)\s]*)\)/g
const markdownPeople = /<(?:at|person)\s+id\s*=\s*["']?([^\s"'>]+)["']?/g

/** Markdown: its pictures must be the app's own, the people it names must exist. */
export const markdown: Check = (value, at) => {
  if (typeof value !== 'string') return wrong(at, 'a string is expected', value)
  for (const [, key = ''] of value.matchAll(markdownPictures)) picture(key, at)
  for (const [, id = ''] of value.matchAll(markdownPeople)) if (id !== 'all') person(id, at)
}

export const text: Check = both(textOf(['plain_text', 'lark_md']), (value, at) => {
  if (isFields(value) && value.tag === 'lark_md') markdown(value.content, at)
})

export const icon: Check = (value, at) =>
  isFields(value) && value.tag === 'custom_icon'
    ? object({ tag: anything, img_key: picture, size: string() }, ['img_key'])(value, at)
    : object({ tag: oneOf('standard_icon'), token: string(), color: string(), size: string() }, ['tag', 'token'])(value, at)

export const link: Check = object({ url: string(), pc_url: string(), ios_url: string(), android_url: string() })
export const confirm: Check = object({ title: plainText(), text: plainText() }, ['title', 'text'])

const callback = object({ type: anything, value: anything }, ['value'])
const openUrl = object({ type: anything, default_url: string(), pc_url: string(), ios_url: string(), android_url: string() })

export const behaviors: Check = list((value, at) => {
  const type = isFields(value) ? value.type : undefined
  if (type === 'callback') return callback(value, at)
  if (type === 'open_url') return openUrl(value, at)
  return wrong(at, 'invalid behavior', type)
})

const unique: Check = (value, at) => {
  const values = Array.isArray(value) ? value.map((option: unknown) => (isFields(option) ? option.value : undefined)) : []
  if (new Set(values).size !== values.length) wrong(at, 'option values are not unique')
}

export const options: Check = both(list(object({ text: plainText(), value: string(), icon }, ['text', 'value'])), unique)
export const people: Check = list(object({ value: string() }, ['value']))
export const pictures: Check = list(object({ img_key: picture }, ['img_key']))
export const pictureOptions: Check = both(
  list(
    object({ img_key: picture, value: string(), disabled: flag, disabled_tips: plainText(), hover_tips: plainText() }, [
      'img_key',
      'value',
    ]),
  ),
  unique,
)
