/** Components of card JSON 2.0 that a person presses or fills (open.feishu.cn, pages of the interactive components, May 2026). */
import { anything, fields, flag, list, number, object, oneOf, type Shape, string } from './card-checks.ts'
import { behaviors, confirm, icon, link, options, people, pictureOptions, plainText, text } from './card-parts.ts'

const size = string(40)

/** What every interactive component may carry. */
export const control = {
  name: string(100),
  required: flag,
  disabled: flag,
  disabled_tips: plainText(),
  width: size,
  confirm,
  behaviors,
  value: anything,
}
const choice = { ...control, type: oneOf('default', 'text'), placeholder: plainText(100) }
const single = { ...choice, initial_index: number(0, 1000), initial_option: string() }

export const controlComponents: Readonly<Record<string, Shape>> = {
  button: {
    attributes: {
      ...control,
      text: plainText(100),
      icon,
      hover_tips: plainText(),
      form_action_type: oneOf('submit', 'reset'),
      type: oneOf(
        'default',
        'primary',
        'danger',
        'text',
        'primary_text',
        'danger_text',
        'primary_filled',
        'danger_filled',
        'laser',
      ),
      size: oneOf('tiny', 'small', 'medium', 'large'),
    },
  },
  input: {
    attributes: {
      ...control,
      placeholder: plainText(100),
      default_value: string(1000),
      max_length: number(1, 1000),
      rows: number(1, 100),
      auto_resize: flag,
      max_rows: number(1, 100),
      show_icon: flag,
      label: plainText(),
      label_position: oneOf('top', 'left'),
      input_type: oneOf('text', 'multiline_text', 'password'),
    },
  },
  select_static: { attributes: { ...single, options }, required: ['options'] },
  multi_select_static: {
    attributes: { ...choice, options, selected_values: list(string()) },
    required: ['options'],
  },
  select_person: { attributes: { ...single, options: people } },
  multi_select_person: { attributes: { ...choice, options: people, selected_values: list(string()) } },
  date_picker: { attributes: { ...control, placeholder: plainText(100), initial_date: string() } },
  picker_time: { attributes: { ...control, placeholder: plainText(100), initial_time: string() } },
  picker_datetime: { attributes: { ...control, placeholder: plainText(100), initial_datetime: string() } },
  checker: {
    attributes: {
      ...control,
      checked: flag,
      text,
      overall_checkable: flag,
      button_area: fields,
      checked_style: fields,
      hover_tips: plainText(),
      padding: size,
    },
  },
  overflow: {
    attributes: { ...control, options: list(object({ text: plainText(), value: string(), multi_url: link }, ['text'])) },
    required: ['options'],
  },
  select_img: {
    attributes: {
      ...control,
      options: pictureOptions,
      multi_select: flag,
      layout: oneOf('stretch', 'bisect', 'trisect'),
      can_preview: flag,
      aspect_ratio: oneOf('1:1', '16:9', '4:3'),
    },
    required: ['options'],
  },
}
