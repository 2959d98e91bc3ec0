/** Card JSON 2.0: which component may stand where, and the rules that span several (open.feishu.cn 卡片 JSON 2.0 结构, May 2026). */
import {
  type At,
  anything,
  CardFault,
  type Check,
  type Fields,
  flag,
  isFields,
  list,
  number,
  object,
  oneOf,
  type Shape,
  shaped,
  step,
  string,
  subCode,
  wrong,
} from './card-checks.ts'
import { control, controlComponents } from './card-controls.ts'
import { displayComponents } from './card-display.ts'
import { icon, link, plainText, text } from './card-parts.ts'
import { everyElement } from './card-tree.ts'

const deepest = 5
const mostTables = 5

const size = string(40)
const spacing = { direction: oneOf('vertical', 'horizontal'), padding: size, horizontal_spacing: size, vertical_spacing: size }
const aligned = { horizontal_align: oneOf('left', 'center', 'right'), vertical_align: oneOf('top', 'center', 'bottom') }
const box = { ...spacing, ...aligned }

const containers: Readonly<Record<string, Shape>> = {
  column_set: {
    attributes: {
      columns: list(column),
      flex_mode: oneOf('none', 'stretch', 'flow', 'bisect', 'trisect'),
      background_style: string(),
      horizontal_spacing: size,
      horizontal_align: aligned.horizontal_align,
      action: object({ multi_url: link }),
    },
    required: ['columns'],
  },
  form: { attributes: { ...box, name: string(100), elements: formElements }, required: ['name', 'elements'] },
  interactive_container: {
    attributes: {
      ...box,
      ...control,
      elements,
      background_style: string(),
      has_border: flag,
      border_color: string(),
      corner_radius: size,
      hover_tips: plainText(),
      height: size,
    },
    required: ['elements', 'behaviors'],
  },
  collapsible_panel: {
    attributes: {
      ...box,
      elements,
      expanded: flag,
      background_color: string(),
      border: object({ color: string(), corner_radius: size }),
      header: object(
        {
          title: text,
          icon,
          icon_position: oneOf('left', 'right', 'follow_text'),
          icon_expanded_angle: oneOf(-180, -90, 90, 180),
          width: size,
          padding: size,
          position: oneOf('top', 'bottom'),
          background_color: string(),
          vertical_align: aligned.vertical_align,
        },
        ['title'],
      ),
    },
    required: ['elements', 'header'],
  },
}

/** `element_id` and `margin` stand on every component and are added by `element`. */
const components: Readonly<Record<string, Shape>> = { ...displayComponents, ...controlComponents, ...containers }

const formOnly = new Set(['multi_select_static', 'multi_select_person'])
const initialOf: Readonly<Record<string, string>> = {
  date_picker: 'initial_date',
  picker_time: 'initial_time',
  picker_datetime: 'initial_datetime',
}

/** The body's elements, or a container's. */
export function elements(value: unknown, at: At): void {
  list(element)(value, at)
}

function formElements(value: unknown, at: At): void {
  list((item, place) => element(item, { ...place, seat: 'form', inForm: true }))(value, at)
}

function column(value: unknown, at: At): void {
  const attributes = {
    ...box,
    elements,
    element_id: elementId,
    margin: size,
    tag: oneOf('column'),
    action: object({ multi_url: link }),
  }
  object({ ...attributes, width: size, weight: number(1, 5), background_style: string() }, ['tag'])(value, at)
}

function elementId(value: unknown, at: At): void {
  const id = typeof value === 'string' && /^[A-Za-z]\w{0,19}$/.test(value) ? value : wrong(at, 'invalid element_id', value)
  if (at.book.elementIds.has(id)) wrong(at, 'duplicate element_id', id)
  at.book.elementIds.add(id)
}

const element: Check = (value, at) => {
  if (!isFields(value)) return wrong(at, 'an object is expected', value)
  const tag = typeof value.tag === 'string' ? value.tag : ''
  const component = Object.hasOwn(components, tag) ? components[tag] : undefined
  if (!component)
    throw new CardFault(subCode.tag, 'cards of schema V2 no longer support this capability', at.path, `unsupported tag ${tag}`)
  placed(tag, at)
  named(value, at)
  if (Object.hasOwn(controlComponents, tag)) interactive(tag, value, at)
  const inside: At = Object.hasOwn(containers, tag) ? { ...at, depth: at.depth + 1, seat: 'container' } : at
  if (inside.depth > deepest) wrong(at, `containers are nested deeper than ${deepest}`)
  const attributes = { ...component.attributes, tag: anything, element_id: elementId, margin: size }
  shaped(value, lenient(value, inside), { attributes, required: component.required ?? [] })
  if (tag === 'form') formIsComplete(value, at)
}

/** `form` and `table` stand only directly in the body; tables are counted. */
const placed = (tag: string, at: At): void => {
  if ((tag === 'form' || tag === 'table') && at.seat !== 'body') wrong(at, `${tag} must stand directly in body.elements`)
  if (formOnly.has(tag) && !at.inForm) wrong(at, `${tag} must stand in a form`)
  if (tag !== 'table') return
  at.book.tables += 1
  if (at.book.tables > mostTables) wrong(at, `at most ${mostTables} tables are allowed`)
}

const named = ({ name }: Fields, at: At): void => {
  if (typeof name !== 'string' || name === '') return
  if (at.book.names.has(name)) wrong(step(at, 'name'), 'duplicate name', name)
  at.book.names.add(name)
}

/** A person who may be dropped when unknown does not fail the card. */
const lenient = (value: Fields, at: At): At =>
  value.drop_invalid_user_id === true ? { ...at, book: { ...at.book, knowsUser: () => true } } : at

/** Inside a form every interactive component has a name, and a button submits or resets. */
const interactive = (tag: string, value: Fields, at: At): void => {
  const { name } = value
  if (at.inForm && (typeof name !== 'string' || name === '')) {
    throw new CardFault(subCode.formName, 'name is required in a form', at.path, tag)
  }
  if (tag === 'button' && at.inForm !== (value.form_action_type !== undefined))
    wrong(at, 'form_action_type belongs to buttons in a form')
  const initial = initialOf[tag]
  if (initial && value[initial] === undefined && value.placeholder === undefined) wrong(at, 'placeholder is required')
}

const formIsComplete = (form: Fields, at: At): void => {
  if (!everyElement(form.elements).some((part) => part.form_action_type === 'submit')) wrong(at, 'a form needs a submit button')
}
