/** Components of card JSON 2.0 that only show something (open.feishu.cn, pages of the display components, May 2026). */
import { anything, fields, flag, list, number, object, oneOf, type Shape, string } from './card-checks.ts'
import { icon, markdown, person, picture, pictures, plainText, text } from './card-parts.ts'

const size = string(40)
const faces = {
  size: oneOf('extra_small', 'small', 'medium', 'large'),
  show_name: flag,
  show_avatar: flag,
  lines: number(1, 100),
  drop_invalid_user_id: flag,
}

const cells = object(
  {
    name: string(),
    display_name: string(),
    data_type: oneOf('text', 'lark_md', 'options', 'number', 'persons', 'date', 'markdown'),
    width: size,
    format: fields,
    date_format: string(),
    horizontal_align: oneOf('left', 'center', 'right'),
    vertical_align: oneOf('top', 'center', 'bottom'),
  },
  ['name', 'data_type'],
)

export const displayComponents: Readonly<Record<string, Shape>> = {
  markdown: {
    attributes: {
      content: markdown,
      i18n_content: anything,
      text_align: oneOf('left', 'center', 'right'),
      text_size: size,
      icon,
    },
    required: ['content'],
  },
  div: { attributes: { text, fields: list(object({ is_short: flag, text }, ['text'])), icon, width: size } },
  img: {
    attributes: {
      img_key: picture,
      alt: plainText(),
      title: text,
      corner_radius: size,
      scale_type: oneOf('crop_center', 'crop_top', 'fit_horizontal'),
      size,
      transparent: flag,
      preview: flag,
    },
    required: ['img_key', 'alt'],
  },
  img_combination: {
    attributes: {
      combination_mode: oneOf('double', 'triple', 'bisect', 'trisect'),
      img_list: pictures,
      corner_radius: size,
      combination_transparent: flag,
    },
    required: ['combination_mode', 'img_list'],
  },
  hr: { attributes: {} },
  person: { attributes: { ...faces, user_id: person }, required: ['user_id'] },
  person_list: { attributes: { ...faces, persons: list(object({ id: person }, ['id'])), icon }, required: ['persons'] },
  table: {
    attributes: {
      columns: list(cells, 50),
      rows: list(fields),
      page_size: number(1, 10),
      row_height: size,
      row_max_height: size,
      header_style: fields,
      freeze_first_column: flag,
    },
    required: ['columns', 'rows'],
  },
  chart: {
    attributes: { chart_spec: fields, aspect_ratio: string(), color_theme: string(), preview: flag, height: size },
    required: ['chart_spec'],
  },
}
