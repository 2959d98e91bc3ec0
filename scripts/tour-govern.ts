/** The tour of what goes beyond a plain repair: major hazards, and more time. */
import { codeOn, holds, type Scene, step } from './tour-play.ts'
import { passBlind, shows, submits } from './tour-repair.ts'

/** A date some days ahead of the sandbox's clock, as people write it. */
const dateIn = (days: number, from: number): string =>
  new Date(from + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })

const triageForm = {
  area: 'pump-3',
  colour: 'red',
  owner: 'yang-guang',
  severity: 'aq3067',
  category: 'pressure',
  deadline: 'usual',
  measure: '',
  direct: '安全阀卡涩',
  indirect: '未按期校验',
  control: '停用并泄压，现场警戒',
}

const major: Scene = {
  en: 'A major hazard: five fixes, and the principal signs twice',
  zh: '重大隐患：五落实，主要负责人两次签字',
  steps: [
    step(
      '**郑浩** (operator) sends any photo with `3号泵房安全阀失效`. **杨光** (his team lead) fills the form of 隐患待处理 — legal grade 重大：AQ 3067-2026, colour 红, area 3号泵房, owner 杨光, the three causes — and presses 转派: 请编制治理方案; **何平** (the principal) hears of it',
      '**郑浩**（操作工）发送任意照片，配上 `3号泵房安全阀失效`。**杨光**（班长）在“隐患待处理”的表单里选：法定分级“重大：AQ 3067-2026”、等级红、区域 3号泵房、责任人 杨光，填三项原因，点 转派：“请编制治理方案”；**何平**（主要负责人）获知',
      async (tour, memo) => {
        await tour.phone('郑浩').sends('loose-guardrail.jpg', '3号泵房安全阀失效')
        const seen = await tour.phone('杨光').sees('隐患待处理', { actions: ['转派'] })
        memo.code = codeOn(seen)
        memo.now = seen.sentAt
        await tour.phone('杨光').presses('转派', { about: memo.code, form: triageForm })
        const look = { about: memo.code, tone: 'danger', facts: { 法定分级: '重大隐患（AQ 3067-2026）' }, without: ['提交整改'] }
        await tour.phone('杨光').sees('请编制治理方案', look)
        await tour.phone('何平').sees('隐患跟踪', { about: memo.code })
      },
    ),
    step(
      '**杨光** presses 提交治理方案 with a field left empty: it is refused, and names what is missing of the five fixes. Filled — owner, measures, money, date, contingency — **何平** has 治理方案待审批',
      '**杨光** 少填一项点 提交治理方案：被拒，写明五落实缺哪一项。填全（责任人、措施、资金、日期、预案）再点：**何平** 收到“治理方案待审批”',
      async (tour, memo) => {
        const plan = {
          owner: 'yang-guang',
          measure: '更换安全阀并校验',
          funding: '2 万元，备件已到库',
          deadline: dateIn(10, memo.now),
          contingency: '停泵泄压，专人监护',
        }
        const refused = await tour.phone('杨光').presses('提交治理方案', { about: memo.code, form: { ...plan, funding: ' ' } })
        holds(refused.includes('资金'), `an incomplete plan was answered “${refused}”`)
        await tour.phone('杨光').presses('提交治理方案', { about: memo.code, form: plan })
        const look = { about: memo.code, actions: ['批准', '不同意'], facts: { 资金: '2 万元', 应急预案: '停泵泄压' } }
        await tour.phone('何平').sees('治理方案待审批', look)
      },
    ),
    step(
      '**何平** presses 批准: **杨光** may begin, until the date of the plan',
      '**何平** 点 批准：**杨光** 才可以开始整改，期限为方案日期',
      async (tour, memo) => {
        await tour.phone('何平').presses('批准', { about: memo.code })
        await tour.phone('杨光').sees('隐患待整改', { about: memo.code, facts: { 整改期限: /\d/ } })
      },
    ),
    step(
      '**杨光** sends photos of during and after and the report, presses 提交整改 and says `本人确认`; **周杰** (owner of the area) presses 确认整改 and says `本人确认`: now it is handed in',
      '**杨光** 依次上传整改中、整改后照片和检测报告，点 提交整改，回复 `本人确认`；**周杰**（区域负责人）点 确认整改，回复 `本人确认`：这才提交',
      async (tour, memo) => {
        const owner = tour.phone('杨光')
        for (const stage of ['during', 'after', 'report'] as const) await shows(owner, memo.code, stage)
        await submits(owner, memo.code)
        await tour.phone('周杰').presses('确认整改', { about: memo.code })
        await tour.phone('周杰').says('本人确认')
        await owner.sees('等待验收', { about: memo.code, facts: { 验收人: /0\/2/ } })
      },
    ),
    step(
      'Both blind verifiers press 验收通过: it does **not** close by itself; **何平** has 重大隐患待签字销号',
      '两名盲评验收人点 验收通过：**不会**自动关闭；**何平** 收到“重大隐患待签字销号”',
      async (tour, memo) => {
        await passBlind(tour, memo.code, /杨光|郑浩|周杰|生产二班/)
        await tour.phone('杨光').sees('等待签字销号', { about: memo.code })
        await tour.phone('何平').sees('重大隐患待签字销号', { about: memo.code, actions: ['签字销号'] })
      },
    ),
    step(
      '**何平** presses 签字销号: closed; **郑浩**, who reported it, reads 隐患已关闭',
      '**何平** 点 签字销号：关闭；上报人 **郑浩** 看到“隐患已关闭”',
      async (tour, memo) => {
        await tour.phone('何平').presses('签字销号', { about: memo.code })
        await tour.phone('郑浩').sees('隐患已关闭', { about: memo.code, facts: { 状态: '已关闭' } })
      },
    ),
  ],
}

/** The term as a card of the owner shows it. */
const term = (facts: readonly (readonly [string, string])[]): string => new Map(facts).get('整改期限') ?? ''

const moreTime: Scene = {
  en: 'More time: an extension, then a deferral with interim control',
  zh: '需要更多时间：延期，以及落实临时管控的缓办',
  steps: [
    step(
      '**韩冰** (contractor’s welder) says `A罐区脚手架缺踢脚板`; **钱峰** (lead of the contractor) presses 接单: 申请延期 and 申请缓办 are there as long as the term is not over',
      '**韩冰**（承包商焊工）发送 `A罐区脚手架缺踢脚板`；**钱峰**（承包商队长）点 接单：期限之前可 申请延期、申请缓办',
      async (tour, memo) => {
        await tour.phone('韩冰').says('A罐区脚手架缺踢脚板')
        memo.code = codeOn(await tour.phone('钱峰').sees('隐患待处理', { actions: ['接单'] }))
        await tour.phone('钱峰').presses('接单', { about: memo.code })
        memo.due = term(
          (await tour.phone('钱峰').sees('隐患待整改', { about: memo.code, actions: ['申请延期', '申请缓办'] })).facts,
        )
      },
    ),
    step(
      '**钱峰** presses 申请延期 and says three lines, `5天`, `等备件`, `设置警戒`: **王强** has 延期申请待审批; until he answers the term stands',
      '**钱峰** 点 申请延期，回复三行：`5天`、`等备件`、`设置警戒`：**王强** 收到“延期申请待审批”；批准前期限不变',
      async (tour, memo) => {
        await tour.phone('钱峰').presses('申请延期', { about: memo.code })
        await tour.phone('钱峰').says('5天\n等备件\n设置警戒')
        await tour
          .phone('王强')
          .sees('延期申请待审批', { about: memo.code, actions: ['批准', '不同意'], facts: { 申请: /等备件/ } })
        holds(
          term((await tour.phone('钱峰').sees('隐患待整改', { about: memo.code })).facts) === memo.due,
          'the term moved before anybody agreed',
        )
      },
    ),
    step(
      '**王强** presses 批准: the term on the card of **钱峰** moves by five days',
      '**王强** 点 批准：**钱峰** 卡片上的期限后移五天',
      async (tour, memo) => {
        await tour.phone('王强').presses('批准', { about: memo.code })
        await tour.phone('钱峰').hears(`${memo.code}：延期申请已批准`)
        const moved = term((await tour.phone('钱峰').sees('隐患待整改', { about: memo.code })).facts)
        holds(moved !== memo.due && moved !== '', `the term is still ${moved}`)
        memo.due = moved
      },
    ),
    step(
      '**钱峰** presses 申请缓办 and says two lines only: refused, because an interim control is owed (GB/T 33000-2025 8.2). With the third line `拉设围栏，禁止通行` **王强** is asked',
      '**钱峰** 点 申请缓办，只回复两行：被拒，须先落实临时管控措施（GB/T 33000-2025 8.2）。补上第三行 `拉设围栏，禁止通行`：**王强** 收到申请',
      async (tour, memo) => {
        await tour.phone('钱峰').presses('申请缓办', { about: memo.code })
        await tour.phone('钱峰').says('20天\n等停车窗口')
        await tour.phone('钱峰').hears('GB/T 33000-2025 8.2')
        await tour.phone('钱峰').presses('申请缓办', { about: memo.code })
        await tour.phone('钱峰').says('20天\n等停车窗口\n拉设围栏，禁止通行')
        await tour.phone('王强').sees('缓办申请待审批', { about: memo.code, facts: { 申请: /等停车窗口；临时管控/ } })
      },
    ),
    step(
      '**王强** presses 批准: **钱峰** has 隐患缓办中 with the control; he presses 恢复整改 when the window comes, and goes on',
      '**王强** 点 批准：**钱峰** 的卡片变为“隐患缓办中”，写明临时管控；窗口到了点 恢复整改，继续整改',
      async (tour, memo) => {
        await tour.phone('王强').presses('批准', { about: memo.code })
        await tour.phone('钱峰').sees('隐患缓办中', { about: memo.code, facts: { 临时管控: '拉设围栏，禁止通行', 缓办至: /\d/ } })
        await tour.phone('钱峰').presses('恢复整改', { about: memo.code })
        await tour.phone('钱峰').sees('隐患待整改', { about: memo.code, facts: { 整改期限: /\d/ } })
      },
    ),
  ],
}

export const governScenes: readonly Scene[] = [major, moreTime]
