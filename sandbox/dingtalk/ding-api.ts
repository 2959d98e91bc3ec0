import type { App } from '../contract.ts'
import { type Answer, demand, ok } from './answers.ts'
import type { Api, Call } from './gate.ts'
import { faceOf } from './phone.ts'
import { demandRobot, type RobotParts } from './robot-api.ts'
import { textOf, textsOrNull } from './wire.ts'

type Remind = { readonly name: string; readonly most: number; readonly paid: boolean }

const reminds: Readonly<Record<number, Remind>> = {
  1: { name: '应用内DING', most: 200, paid: false },
  2: { name: '短信DING', most: 20, paid: true },
  3: { name: '电话DING', most: 20, paid: true },
}

const voices = new Set([
  'Standard_Male_Voice',
  'Standard_Female_Voice',
  'Cantonese_Female_Voice',
  'Gentine_Female_Voice',
  'Overbearing_Female_Voice',
  'Lovely_Girl_Voice',
])

/**
 * DING by the robot ("发送DING消息", read 2026-08): the phone rings. SMS and calls need a package bought apart;
 * `dingtalk.dingPackage` says how many are left, none unless set.
 */
export const dingApis = (parts: RobotParts): readonly Api[] => {
  const { world, ids, directory, talks, phone } = parts
  let spent = 0

  const send = ({ fields }: Call, app: App): Answer => {
    demandRobot(fields, app)
    const remind = reminds[Number(fields.remindType)]
    demand(remind !== undefined, 'send.ding.exception', 'remindType')
    const receivers = textsOrNull(fields.receiverUserIdList)
    demand(receivers !== null && receivers.length > 0, 'miss.staffId')
    demand(receivers.length <= remind.most, 'ding.receivercount.limit')
    const content = textOf(fields.content)
    demand(content !== '', 'send.ding.exception', 'content')
    demand(fields.callVoice === undefined || voices.has(textOf(fields.callVoice)), 'send.ding.exception', 'callVoice')
    const known = [...new Set(receivers)].filter((id) => directory.member(id) !== null)
    if (remind.paid) {
      demand(spent + known.length <= Number(world.choose('dingtalk.dingPackage', '0')), 'ding.serverquota.insufficient')
      spent += known.length
    }
    const openDingId = ids.hex(32)
    const face = faceOf({ title: remind.name, text: content })
    for (const account of known)
      phone.post({ app, talk: talks.single(app, account), to: [account], key: openDingId, face: () => face, rung: true })
    const failed = receivers.filter((id) => !known.includes(id))
    return ok({ openDingId, ...(failed.length ? { failedList: { 'staffId.notExisted': failed } } : {}) })
  }

  const recall = ({ fields }: Call, app: App): Answer => {
    demandRobot(fields, app)
    const messages = phone.byKey(app, textOf(fields.openDingId)).filter(({ rung }) => rung)
    demand(messages.length > 0, 'send.ding.exception', 'openDingId')
    phone.recall(messages.filter(({ recalled }) => !recalled))
    return ok({ openDingId: textOf(fields.openDingId) })
  }

  const api = (path: string, answer: (call: Call, app: App) => Answer): Api => ({
    method: 'POST',
    path,
    family: 'new',
    body: 'json',
    needs: 'token',
    counted: true,
    answer,
  })
  return [api('/v1.0/robot/ding/send', send), api('/v1.0/robot/ding/recall', recall)]
}
