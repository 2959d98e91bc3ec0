import type { Desk, Json } from './sandbox-dingtalk-desk.ts'

/** A button of the `buttonGroup` variable, as an app writes it. */
export const button = (text: string, key: string, status = 'normal') => ({
  text,
  color: 'blue',
  status,
  event: { type: 'sendCardRequest', params: { actionId: key.split(':')[0], params: { key } } },
})

/** A card with two buttons. */
export const pressable: Readonly<Record<string, string>> = {
  title: '隐患待处理',
  tone: 'warning',
  subtitle: 'YH-0007',
  facts: '**地点** 3号泵房\n**上报人** 陈工',
  body: '泵体漏油 5\\*2 处',
  note: '15:40 升级',
  summary: '隐患待处理',
  page_url: 'https://h5.example.com/s/haz_1',
  page_label: '详情',
  buttons: JSON.stringify([
    button('接单', 'hazard.accept:haz_1@3'),
    button('转派', 'hazard.reassign:haz_1@3'),
    button('关闭', 'hazard.close:haz_1@3', 'disabled'),
  ]),
}

/** A form with one required choice, one text and one hidden field. */
export const gradeForm = JSON.stringify({
  fields: [
    {
      name: 'level',
      label: '等级',
      type: 'SELECT',
      required: true,
      options: [
        { value: 'major', text: '重大' },
        { value: 'minor', text: '一般' },
      ],
    },
    { name: 'words', label: '说明', type: 'TEXT_AREA' },
    { name: 'state', label: '', type: 'TEXT', hidden: true, defaultValue: 's1' },
  ],
})

/** The body of createAndDeliver to one person, or to a group by its conversation id. */
export const cardBody = (
  desk: Desk,
  {
    to,
    group,
    map,
    track = 'hz-7:u_chen:1',
    change = {},
  }: { to?: string; group?: string; map: Json; track?: string; change?: Json },
): Json => ({
  cardTemplateId: desk.app.credentials.cardTemplateId,
  outTrackId: track,
  callbackType: 'STREAM',
  userIdType: 1,
  cardData: { cardParamMap: map },
  ...(group === undefined
    ? {
        openSpaceId: `dtv1.card//IM_ROBOT.${to ?? 'u_chen'}`,
        imRobotOpenSpaceModel: { supportForward: false },
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT' },
      }
    : {
        openSpaceId: `dtv1.card//IM_GROUP.${group}`,
        imGroupOpenSpaceModel: { supportForward: false },
        imGroupOpenDeliverModel: { robotCode: desk.app.credentials.robotCode },
      }),
  ...change,
})
