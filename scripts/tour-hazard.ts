/** The tour of hazards and their clocks. */

import type { Phone } from './tour-phones.ts'
import { codeOn, holds, type Scene, step } from './tour-play.ts'

const silence: Scene = {
  en: 'Nobody answers, and it climbs by itself',
  zh: '没人接单，自己往上升级',
  steps: [
    step(
      '**冯雪** (electrician) says `变电所扶梯踏板松动`: **徐磊** has 隐患待处理; its foot names the next rung and the time',
      '**冯雪**（电工）发送 `变电所扶梯踏板松动`：**徐磊** 收到“隐患待处理”，卡片底部写明几点升级给谁',
      async (tour, memo) => {
        await tour.phone('冯雪').says('变电所扶梯踏板松动')
        memo.code = codeOn(await tour.phone('徐磊').sees('隐患待处理', { actions: ['接单'], text: /\d\d:\d\d 升级至部门负责人/ }))
        await tour.phone('冯雪').sees('隐患已上报', { about: memo.code })
      },
    ),
    step(
      'Press **+2 h**: **王强** (department head) has it too, in red; everybody’s card names the production director as the next',
      '点 **+2 h**：**王强**（部门负责人）也收到，红色；所有卡片都写着下一级是生产总监',
      async (tour, memo) => {
        await tour.forward(120)
        await tour.phone('王强').sees('隐患待处理', { about: memo.code, tone: 'danger', text: '升级至生产总监' })
        await tour.phone('徐磊').sees('隐患待处理', { about: memo.code, tone: 'danger' })
      },
    ),
    step(
      'Press **+48 h**: **陈静** (production director) has it; **冯雪** has been told within 48 h that it is being passed upwards',
      '点 **+48 h**：**陈静**（生产总监）也收到；**冯雪** 在 48 小时内得到答复：正在逐级升级处理',
      async (tour, memo) => {
        await tour.forward(48 * 60)
        await tour.phone('陈静').sees('隐患待处理', { about: memo.code, tone: 'danger', actions: ['接单'] })
        await tour.phone('冯雪').hears(new RegExp(`${memo.code} 还没有人接单`))
      },
    ),
    step(
      '**陈静** presses 接单: it is hers; the cards of **徐磊** and **王强** flip and offer 接单 no longer',
      '**陈静** 点 接单：由她负责；**徐磊** 和 **王强** 的卡片随之翻面，不再有 接单',
      async (tour, memo) => {
        await tour.phone('陈静').presses('接单', { about: memo.code })
        await tour.phone('陈静').sees('隐患待整改', { about: memo.code })
        for (const name of ['徐磊', '王强'])
          await tour.phone(name).sees('隐患跟踪', { about: memo.code, facts: { 责任人: '陈静' }, without: ['接单'] })
      },
    ),
  ],
}

const countOf = async (phone: Phone, about: string): Promise<number> =>
  (await phone.all()).filter(({ kind, text }) => kind === 'card' && text.split('\n').includes(about)).length

const red: Scene = {
  en: 'Red is not sent but reached',
  zh: '红色隐患：不是发出，而是必达',
  steps: [
    step(
      'Leave the phones of 赵敏 and 周杰 off the table: what is looked at there counts as read. **冯雪** (electrician) says `3号泵房配电箱冒烟`: **徐磊** (her team lead) has 隐患待处理 in red; **赵敏** (safety director) and **周杰** (owner of the area) have the card too, with 已知悉',
      '赵敏和周杰的手机先不要放上桌面（看到就算已读）。**冯雪**（电工）发送 `3号泵房配电箱冒烟`：**徐磊**（班长）收到红色“隐患待处理”；**赵敏**（安全总监）和 **周杰**（区域负责人）同时收到，可 已知悉',
      async (tour, memo) => {
        await tour.phone('冯雪').says('3号泵房配电箱冒烟')
        memo.code = codeOn(await tour.phone('徐磊').sees('隐患待处理', { tone: 'danger', facts: { 建议等级: /^红/ } }))
        await tour.phone('赵敏').sees('隐患待处理', { about: memo.code, actions: ['已知悉'] })
        await tour.phone('周杰').sees('红色隐患，请知悉', { about: memo.code, actions: ['已知悉'] })
      },
    ),
    step(
      '**赵敏** presses 已知悉: she has been reached, and is not called again',
      '**赵敏** 点 已知悉：已送达到人，不再呼叫她',
      async (tour, memo) => {
        await tour.phone('赵敏').presses('已知悉', { about: memo.code })
        await tour.phone('赵敏').sees('隐患待处理', { about: memo.code, without: ['已知悉'] })
      },
    ),
    step(
      'Press **+15 min**. 周杰 has read nothing: after 2, 5 and 10 minutes he was called again (cards and DING); after 15 **王强** (department head) is called in his place, and **唐宁** (administrator) reads that somebody cannot be reached',
      '点 **+15 min**。周杰一直未读：第 2、5、10 分钟重新呼叫（卡片和 DING）；满 15 分钟改叫 **王强**（部门负责人），**唐宁**（管理员）收到告警：有人联系不上',
      async (tour, memo) => {
        const safety = await countOf(tour.phone('赵敏'), memo.code)
        await tour.forward(15)
        const calls = await countOf(tour.phone('周杰'), memo.code)
        holds(calls >= 4, `周杰 was called ${calls} times`)
        holds((await countOf(tour.phone('赵敏'), memo.code)) === safety, '赵敏 was called again')
        await tour.phone('王强').sees('红色隐患，请知悉', { about: memo.code, actions: ['已知悉'] })
        await tour.phone('唐宁').hears(new RegExp(`【告警】红色隐患 ${memo.code}`))
      },
    ),
    step(
      '**王强** presses 已知悉: the calling ends. Press **+15 min**: nobody is called again for having read nothing',
      '**王强** 点 已知悉：呼叫停止。再点 **+15 min**：不再因未读呼叫任何人',
      async (tour, memo) => {
        await tour.phone('王强').presses('已知悉', { about: memo.code })
        const before = await countOf(tour.phone('周杰'), memo.code)
        await tour.forward(15)
        holds((await countOf(tour.phone('周杰'), memo.code)) === before, '周杰 was called again')
      },
    ),
    step(
      '**徐磊** went there: dust, no smoke. He presses 不是隐患 and says `现场核实为粉尘，已清扫`: **冯雪** is answered',
      '**徐磊** 到现场核实：是粉尘不是烟。点 不是隐患，回复 `现场核实为粉尘，已清扫`：**冯雪** 收到答复',
      async (tour, memo) => {
        await tour.phone('徐磊').presses('不是隐患', { about: memo.code })
        await tour.phone('徐磊').says('现场核实为粉尘，已清扫')
        await tour
          .phone('冯雪')
          .sees('上报未受理', { about: memo.code, facts: { 处理结果: '现场核实为粉尘，已清扫' }, actions: ['仍未解决'] })
      },
    ),
  ],
}

export const hazardScenes: readonly Scene[] = [silence, red]
