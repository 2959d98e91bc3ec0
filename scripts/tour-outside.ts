/** The tour of systems outside: a camera that raises an alarm, and what HR is told. */
import { codeOn, holds, type Scene, step } from './tour-play.ts'

const helmet = {
  camera: { id: 'CAM-12', area: '变电所' },
  event: { type: 'no-helmet', name: '未戴安全帽', detail: '1 人' },
}
const alarmLine = `curl -sS localhost:8090/alarms/ai-camera -d '${JSON.stringify(helmet)}'`

export const outside: Scene = {
  en: 'A camera raises a hazard; HR hears of what a manager has confirmed',
  zh: '摄像头告警成为隐患；负责人确认后才通知人力资源系统',
  steps: [
    step(
      `In a terminal: \`${alarmLine}\`. It answers 200 \`accepted\`; **徐磊** (lead of the team there) has the card 隐患待处理: source AI 摄像头 CAM-12, area 变电所, 接单`,
      `在终端执行：\`${alarmLine}\`。应答 200 \`accepted\`；**徐磊**（电仪班班长）收到“隐患待处理”：告警来源 AI 摄像头 CAM-12，区域 变电所，可 接单`,
      async (tour, memo) => {
        const { status, answer, ...more } = await tour.alarm('ai-camera', helmet)
        memo.nonce = (more as { readonly nonce?: string }).nonce ?? ''
        holds(
          status === 200 && JSON.stringify(answer).includes('accepted'),
          `the alarm was answered ${status} ${JSON.stringify(answer)}`,
        )
        const facts = { 告警来源: 'AI 摄像头 CAM-12', 建议区域: '变电所', 建议等级: /^黄/ }
        memo.code = codeOn(await tour.phone('徐磊').sees('隐患待处理', { facts, actions: ['接单'], text: '未戴安全帽 1 人' }))
      },
    ),
    step(
      'The same again with `?nonce=` and the nonce of the answer: `repeated`, and no second card. Without a nonce it is another alarm of the same camera: the card counts 2 次',
      '加上 `?nonce=` 和刚才应答里的 nonce 再发一次：`repeated`，没有第二张卡。不带 nonce 是同一摄像头的又一次告警：卡片上记为 2 次',
      async (tour, memo) => {
        const again = await tour.alarm('ai-camera', helmet, memo.nonce)
        holds(
          JSON.stringify(again.answer).includes('repeated'),
          `the repeated alarm was answered ${JSON.stringify(again.answer)}`,
        )
        await tour.alarm('ai-camera', helmet)
        await tour.phone('徐磊').sees('隐患待处理', { about: memo.code, facts: { 告警次数: /^2 次/ } })
        const cases = (await tour.phone('徐磊').all()).filter(({ title }) => title === '隐患待处理')
        holds(new Set(cases.map(codeOn)).size === 1, 'the camera has more than one case')
      },
    ),
    step(
      '**徐磊** presses 接单: the card becomes 隐患待整改, with a term',
      '**徐磊** 点 接单：卡片变为“隐患待整改”，写明期限',
      async (tour, memo) => {
        await tour.phone('徐磊').presses('接单', { about: memo.code })
        await tour
          .phone('徐磊')
          .sees('隐患待整改', { about: memo.code, facts: { 责任人: '徐磊', 整改期限: /\d/ }, without: ['接单'] })
      },
    ),
    step(
      '**刘洋** (safety officer) says `提议红牌 郑浩 未做气体检测`: **陈静** (production director) is asked, 郑浩 sees nothing yet',
      '**刘洋**（安全员）发送 `提议红牌 郑浩 未做气体检测`：**陈静**（生产总监）收到待确认卡片，郑浩此时什么也看不到',
      async (tour, memo) => {
        await tour.phone('刘洋').says('提议红牌 郑浩 未做气体检测')
        memo.code = codeOn(
          await tour.phone('陈静').sees('红牌提议待确认', { actions: ['确认发牌', '不同意'], facts: { 对象: '郑浩' } }),
        )
        holds((await tour.phone('郑浩').all()).length === 0, '郑浩 sees the proposal')
      },
    ),
    step(
      '**陈静** presses 确认发牌: **郑浩** has 红牌通知 with 申诉; **高岚** (HR manager) is asked about the allowance; HR’s system has heard nothing',
      '**陈静** 点 确认发牌：**郑浩** 收到“红牌通知”，可 申诉；**高岚**（人力资源负责人）收到“津贴冻结待确认”；人力资源系统尚未收到任何通知',
      async (tour, memo) => {
        await tour.phone('陈静').presses('确认发牌', { about: memo.code })
        await tour
          .phone('郑浩')
          .sees('红牌通知', { about: memo.code, tone: 'danger', actions: ['申诉'], facts: { 津贴冻结: '尚未生效' } })
        await tour.phone('高岚').sees('津贴冻结待确认', { about: memo.code, actions: ['确认冻结', '不冻结'] })
        holds((await tour.calls()).length === 0, 'HR was told before anybody confirmed')
      },
    ),
    step(
      '**高岚** presses 确认冻结. `curl -sS localhost:8090/calls`: one call to `hr`, `allowance.freeze`, `"verified": true`',
      '**高岚** 点 确认冻结。`curl -sS localhost:8090/calls`：`hr` 收到一次 `allowance.freeze`，`"verified": true`',
      async (tour, memo) => {
        await tour.phone('高岚').presses('确认冻结', { about: memo.code })
        await tour.phone('郑浩').sees('红牌通知', { about: memo.code, facts: { 津贴冻结: '已确认' } })
        const calls = (await tour.calls()).map(
          ({ target, event, verified, status }) => `${target} ${event} ${verified} ${status}`,
        )
        holds(calls.join() === 'hr allowance.freeze true 200', `the calls are ${calls.join() || 'none'}`)
      },
    ),
  ],
}
