/** The tour of what goes on every day: handover, suggestions, near misses, toolbox talks. */
import { codeOn, holds, type Scene, step } from './tour-play.ts'

const handover: Scene = {
  en: 'Shift handover, signed by both',
  zh: '交接班，双方签字',
  steps: [
    step(
      '**蒋涛** says `交班 2号泵备用`: a checklist of four lines, 确认无误 and 有情况',
      '**蒋涛** 发送 `交班 2号泵备用`：四项检查清单，按钮 确认无误、有情况',
      async (tour, memo) => {
        await tour.phone('蒋涛').says('交班 2号泵备用')
        memo.code = codeOn(
          await tour.phone('蒋涛').sees('交接班：逐项确认', { actions: ['确认无误', '有情况'], text: '2号泵备用' }),
        )
      },
    ),
    step(
      '**蒋涛** confirms 本班组未结隐患, presses 有情况 for 设备状态 and says `2号泵振动偏大`, confirms the other two: 签字交班',
      '**蒋涛** 确认“本班组未结隐患”；“设备状态”点 有情况，回复 `2号泵振动偏大`；再确认其余两项：出现 签字交班',
      async (tour, memo) => {
        const lead = tour.phone('蒋涛')
        await lead.presses('确认无误', { about: memo.code, form: { line: 'hazards' } })
        await lead.presses('有情况', { about: memo.code, form: { line: 'equipment' } })
        await lead.says('2号泵振动偏大')
        await lead.presses('确认无误', { about: memo.code, form: { line: 'interimControls' } })
        await lead.presses('确认无误', { about: memo.code, form: { line: 'permits' } })
        await lead.sees('交接班：请签字交班', { about: memo.code, actions: ['签字交班'], text: '2号泵振动偏大' })
      },
    ),
    step(
      '**蒋涛** chooses 杨光 and presses 签字交班: **杨光** has 请签字接班 with 签字接班 and 有异议',
      '**蒋涛** 选 杨光，点 签字交班：**杨光** 收到“请签字接班”，可 签字接班 或 有异议',
      async (tour, memo) => {
        await tour.phone('蒋涛').presses('签字交班', { about: memo.code, form: { incoming: 'yang-guang' } })
        await tour
          .phone('杨光')
          .sees('请签字接班', { about: memo.code, actions: ['签字接班', '有异议'], facts: { 交班人: '蒋涛' } })
      },
    ),
    step(
      '**杨光** presses 签字接班: both have 交接班已完成, 双方已签字',
      '**杨光** 点 签字接班：两人都看到“交接班已完成”，双方已签字',
      async (tour, memo) => {
        await tour.phone('杨光').presses('签字接班', { about: memo.code })
        for (const name of ['蒋涛', '杨光'])
          await tour.phone(name).sees('交接班已完成', { about: memo.code, facts: { 状态: '双方已签字', 接班人: '杨光' } })
      },
    ),
  ],
}

const suggestion: Scene = {
  en: 'A suggestion is adopted, carried out and answered at each step',
  zh: '一条合理化建议被采纳、实施，每一步都答复建议人',
  steps: [
    step(
      '**张伟** says `建议 3号泵房加装接油盘`: 合理化建议已收到; **李娜** (his team lead) has 合理化建议待上报',
      '**张伟** 发送 `建议 3号泵房加装接油盘`：“合理化建议已收到”；**李娜**（班长）收到“合理化建议待上报”',
      async (tour, memo) => {
        await tour.phone('张伟').says('建议 3号泵房加装接油盘')
        memo.code = codeOn(await tour.phone('张伟').sees('合理化建议已收到', { facts: { 状态: '等待班组长意见' } }))
        await tour.phone('李娜').sees('合理化建议待上报', { about: memo.code, actions: ['上报审批'] })
      },
    ),
    step(
      '**李娜** writes 班组同意 and presses 上报审批: **王强** (department head) has 合理化建议待审批',
      '**李娜** 填“班组同意”，点 上报审批：**王强**（部门负责人）收到“合理化建议待审批”',
      async (tour, memo) => {
        await tour.phone('李娜').presses('上报审批', { about: memo.code, form: { opinion: '班组同意' } })
        await tour
          .phone('王强')
          .sees('合理化建议待审批', { about: memo.code, actions: ['采纳', '不采纳'], facts: { 建议人: '张伟' } })
      },
    ),
    step(
      '**王强** presses 采纳 and says `周杰`, who shall do it: **张伟** reads 合理化建议已采纳',
      '**王强** 点 采纳，回复实施人 `周杰`：**张伟** 看到“合理化建议已采纳”',
      async (tour, memo) => {
        holds(
          (await tour.phone('王强').presses('采纳', { about: memo.code })).includes('实施人'),
          '王强 is not asked who implements it',
        )
        await tour.phone('王强').says('周杰')
        await tour.phone('张伟').sees('合理化建议已采纳', { about: memo.code, facts: { 实施人: '周杰' } })
      },
    ),
    step(
      '**周杰** presses 已实施 and says `已加装并试用` where the card has no field: **张伟** reads 合理化建议已实施; `我的积分` on his phone counts it',
      '**周杰** 点 已实施，说明 `已加装并试用`：**张伟** 看到“合理化建议已实施”；他发送 `我的积分`，已计入合理化建议',
      async (tour, memo) => {
        await tour.phone('周杰').presses('已实施', { about: memo.code })
        await tour.phone('周杰').says('已加装并试用')
        await tour.phone('张伟').sees('合理化建议已实施', { about: memo.code, facts: { 实施情况: '已加装并试用' } })
        await tour.phone('张伟').says('我的积分')
        await tour.phone('张伟').sees('我的安全积分', { text: /合理化建议[\s\S]*15/ })
      },
    ),
  ],
}

const nearMiss: Scene = {
  en: 'A near miss is answered; one without a name too',
  zh: '未遂事件必有答复，匿名也一样',
  steps: [
    step(
      '**吴刚** says `未遂 吊物从钩头滑落，无人受伤`: 未遂事件已上报; **蒋涛** has 未遂事件待答复',
      '**吴刚** 发送 `未遂 吊物从钩头滑落，无人受伤`：“未遂事件已上报”；**蒋涛** 收到“未遂事件待答复”',
      async (tour, memo) => {
        await tour.phone('吴刚').says('未遂 吊物从钩头滑落，无人受伤')
        memo.code = codeOn(await tour.phone('吴刚').sees('未遂事件已上报', { facts: { 状态: '待答复' } }))
        await tour.phone('蒋涛').sees('未遂事件待答复', { about: memo.code, actions: ['答复'], facts: { 上报人: '吴刚' } })
      },
    ),
    step(
      '**蒋涛** presses 答复 and says `已更换钩头保险，全厂排查`: **吴刚** reads it on 未遂事件已答复',
      '**蒋涛** 点 答复，回复 `已更换钩头保险，全厂排查`：**吴刚** 的卡片变为“未遂事件已答复”',
      async (tour, memo) => {
        await tour.phone('蒋涛').presses('答复', { about: memo.code })
        await tour.phone('蒋涛').says('已更换钩头保险，全厂排查')
        await tour.phone('吴刚').sees('未遂事件已答复', { about: memo.code, facts: { 答复: '已更换钩头保险，全厂排查' } })
      },
    ),
    step(
      '**张伟** says `匿名未遂 脚手架扣件从高处掉落`: he is told a receipt, once; **马骏** (safety officer) has the card, from 匿名',
      '**张伟** 发送 `匿名未遂 脚手架扣件从高处掉落`：他收到一个回执号，只发这一次；**马骏**（安全员）收到卡片，上报人：匿名',
      async (tour, memo) => {
        await tour.phone('张伟').says('匿名未遂 脚手架扣件从高处掉落')
        const { text } = await tour.phone('张伟').hears('已匿名登记')
        memo.receipt = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? ''
        holds(memo.receipt !== '', 'there is no receipt')
        const seen = await tour.phone('马骏').sees('未遂事件待答复', { facts: { 上报人: '匿名' }, actions: ['答复'] })
        holds(!JSON.stringify(seen).includes('张伟'), 'the card names 张伟')
        memo.code = codeOn(seen)
      },
    ),
    step(
      '**马骏** presses 答复 and says `扣件已加固`: **张伟** says `回执 ` and his receipt, and reads the answer',
      '**马骏** 点 答复，回复 `扣件已加固`：**张伟** 发送 `回执 ` 加回执号，看到答复',
      async (tour, memo) => {
        await tour.phone('马骏').presses('答复', { about: memo.code })
        await tour.phone('马骏').says('扣件已加固')
        await tour.phone('张伟').says(`回执 ${memo.receipt}`)
        await tour.phone('张伟').hears('答复：扣件已加固')
      },
    ),
  ],
}

const toolbox: Scene = {
  en: 'A toolbox talk is signed',
  zh: '班前会签到',
  steps: [
    step(
      '**徐磊** says `班前会 变电所检修，停电验电挂牌`: the card 班前会 counts 0/1; **冯雪** has 班前会签到',
      '**徐磊** 发送 `班前会 变电所检修，停电验电挂牌`：“班前会”卡片显示 0/1；**冯雪** 收到“班前会签到”',
      async (tour, memo) => {
        await tour.phone('徐磊').says('班前会 变电所检修，停电验电挂牌')
        memo.code = codeOn(await tour.phone('徐磊').sees('班前会', { facts: { 状态: '签到中', 已签到: '0/1', 未签到: '冯雪' } }))
        await tour.phone('冯雪').sees('班前会签到', { actions: ['签到'], text: '停电验电挂牌' })
      },
    ),
    step(
      '**冯雪** presses 签到: 班前会已签到; **徐磊** presses 刷新名单: 1/1',
      '**冯雪** 点 签到：“班前会已签到”；**徐磊** 点 刷新名单：1/1',
      async (tour, memo) => {
        await tour.phone('冯雪').presses('签到')
        await tour.phone('冯雪').sees('班前会已签到', { without: ['签到'] })
        await tour.phone('徐磊').presses('刷新名单', { about: memo.code })
        await tour.phone('徐磊').sees('班前会', { about: memo.code, facts: { 已签到: '1/1' } })
      },
    ),
    step(
      '**徐磊** presses 结束签到: 班前会已结束, and the list is kept',
      '**徐磊** 点 结束签到：“班前会已结束”，名单留存',
      async (tour, memo) => {
        await tour.phone('徐磊').presses('结束签到', { about: memo.code })
        await tour.phone('徐磊').sees('班前会已结束', { about: memo.code, facts: { 已签到: '1/1' }, without: ['结束签到'] })
      },
    ),
  ],
}

export const dailyScenes: readonly Scene[] = [handover, suggestion, nearMiss, toolbox]
