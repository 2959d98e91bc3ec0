/** The tour of being late: cards, the freeze that a person confirms, and an appeal. */
import { codeOn, holds, type Scene, step } from './tour-play.ts'

export const late: Scene = {
  en: 'Late: yellow card, red card, the freeze that a person confirms, and an appeal',
  zh: '超期：黄牌、红牌、由人确认的津贴冻结、申诉',
  steps: [
    step(
      '**冯雪** says `变电所地面积水`; **徐磊** chooses 期限 1 天内 and owner 周杰 and presses 转派; **周杰** presses 接单',
      '**冯雪** 发送 `变电所地面积水`；**徐磊** 选期限“1 天内”、责任人 周杰，点 转派；**周杰** 点 接单',
      async (tour, memo) => {
        await tour.phone('冯雪').says('变电所地面积水')
        memo.code = codeOn(await tour.phone('徐磊').sees('隐患待处理', { actions: ['转派'] }))
        const form = {
          area: 'substation',
          colour: 'yellow',
          owner: 'zhou-jie',
          severity: 'general',
          category: 'other',
          deadline: '1',
        }
        await tour.phone('徐磊').presses('转派', { about: memo.code, form })
        await tour.phone('周杰').presses('接单', { about: memo.code })
        await tour.phone('周杰').sees('隐患待整改', { about: memo.code, facts: { 整改期限: /\d/ } })
      },
    ),
    step(
      'Press **+48 h**: 24 h overdue, **周杰** has one 黄牌通知; 整改已超期 says when the red one comes',
      '点 **+48 h**：超期满 24 小时，**周杰** 收到一张“黄牌通知”；“整改已超期”写明几点前不提交将开具红牌',
      async (tour, memo) => {
        await tour.forward(48 * 60)
        await tour.phone('周杰').sees('整改已超期', { about: memo.code, tone: 'danger' })
        await tour.phone('周杰').sees('黄牌通知', { facts: { 状态: '生效', 原因: '整改超期' }, actions: ['申诉'] })
      },
    ),
    step(
      'Press **+48 h** again: one 红牌通知 and no second yellow one; **高岚** (HR manager) has 津贴冻结待确认; nothing is frozen yet',
      '再点 **+48 h**：一张“红牌通知”，没有第二张黄牌；**高岚**（人力资源负责人）收到“津贴冻结待确认”；此时尚未冻结',
      async (tour, memo) => {
        await tour.forward(48 * 60)
        const look = { tone: 'danger', facts: { 状态: '生效', 津贴冻结: '尚未生效' }, actions: ['申诉'] }
        memo.card = codeOn(await tour.phone('周杰').sees('红牌通知', look))
        const cards = (await tour.phone('周杰').all()).filter(({ title }) => /^[黄红]牌/.test(title))
        const codes = new Set(cards.map(codeOn))
        holds(codes.size === 2, `周杰 has ${codes.size} cards, not a yellow and a red one`)
        await tour.phone('高岚').sees('津贴冻结待确认', { about: memo.card, actions: ['确认冻结', '不冻结'] })
        holds((await tour.calls()).length === 0, 'HR was told before anybody confirmed')
      },
    ),
    step(
      '**高岚** presses 确认冻结: HR’s system hears of it (`curl -sS localhost:8090/calls`)',
      '**高岚** 点 确认冻结：人力资源系统这才收到通知（`curl -sS localhost:8090/calls`）',
      async (tour, memo) => {
        await tour.phone('高岚').presses('确认冻结', { about: memo.card })
        await tour.phone('周杰').sees('红牌通知', { about: memo.card, facts: { 津贴冻结: '已确认' } })
        const calls = (await tour.calls()).map(({ target, event, verified }) => `${target} ${event} ${verified}`)
        holds(calls.join() === 'hr allowance.freeze true', `the calls are ${calls.join() || 'none'}`)
      },
    ),
    step(
      '**周杰** presses 申诉 with `备件延迟到货，有采购单`: **赵敏** (safety director), another person, has 红牌申诉待复核',
      '**周杰** 点 申诉，理由 `备件延迟到货，有采购单`：由另一位负责人 **赵敏**（安全总监）复核，收到“红牌申诉待复核”',
      async (tour, memo) => {
        await tour.phone('周杰').presses('申诉', { about: memo.card })
        await tour.phone('周杰').says('备件延迟到货，有采购单')
        await tour.phone('赵敏').sees('红牌申诉待复核', { about: memo.card, actions: ['维持原牌', '撤销此牌'], text: '有采购单' })
      },
    ),
    step(
      '**赵敏** presses 撤销此牌 with `采购单属实`: 红牌已撤销, the points come back, HR’s system is told to unfreeze',
      '**赵敏** 点 撤销此牌，理由 `采购单属实`：“红牌已撤销”，积分冲回，人力资源系统收到解冻通知',
      async (tour, memo) => {
        await tour.phone('赵敏').presses('撤销此牌', { about: memo.card })
        await tour.phone('赵敏').says('采购单属实')
        await tour.phone('周杰').sees('红牌已撤销', { about: memo.card, facts: { 状态: '已撤销' } })
        const events = (await tour.calls()).map(({ event }) => event)
        holds(events.join() === 'allowance.freeze,allowance.unfreeze', `the calls are ${events.join()}`)
      },
    ),
  ],
}
