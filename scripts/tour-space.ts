/** The tour of a confined space, and of a hot work beside it that must not be. */
import { codeFrom, confirmsLines, declares, remember, samples, says, setsPins, toMorning } from './tour-permit-acts.ts'
import { hotAnswers, hotCrew, oxygen, pin, spaceAnswers, spaceCrew, sulfide, timeOfDay, vapour } from './tour-permit-forms.ts'
import { codeOn, holds, type Scene, step } from './tour-play.ts'

const beside: Scene = {
  en: 'Hot work beside a confined space is locked, and both leaders see each other',
  zh: '受限空间旁边的动火被锁定，双方负责人互相看到',
  steps: [
    step(
      'By day on a working day. **李娜** says `申请受限空间作业：A罐区 A01 储罐内部检查`, fills in on the page (leader 李娜, worker 张伟, attendant 郑浩, space A01, 盛装过易燃易爆物料 yes, the rest no), 保存, 提交申请',
      '在工作日白天演。**李娜** 发送 `申请受限空间作业：A罐区 A01 储罐内部检查`，在页面上填写（负责人 李娜、作业人员 张伟、监护人 郑浩、空间 A01，“盛装过易燃易爆物料”选是，其余选否），点 保存、提交申请',
      async (tour, memo) => {
        await toMorning(tour)
        await tour.phone('李娜').says('申请受限空间作业：A罐区 A01 储罐内部检查')
        const code = await remember(tour, '李娜', '受限空间作业票待填写', memo)
        const form = { area: 'tank-a', from: timeOfDay(await tour.now()), hours: '4', ...spaceCrew, ...spaceAnswers }
        says(await tour.phone('李娜').turns('保存', { about: code, form: { ...form, outdoors: 'yes' } }), '已保存')
        says(await tour.phone('李娜').turns('提交申请', { about: code }), '已提交')
      },
    ),
    step(
      '**张伟** applies for hot work there: `申请动火作业：A罐区管线焊接`, attendant 吴刚, 保存, 提交申请: **locked**, with the other permit, its leader and the rule; his card is 动火作业与他票冲突, **李娜**’s says 冲突 too',
      '**张伟** 在同一处申请动火：`申请动火作业：A罐区管线焊接`，监护人 吴刚，保存后 提交申请：**锁定**，写明对方票号、负责人和规则；他的卡片变为“动火作业与他票冲突”，**李娜** 的卡片也写明 冲突',
      async (tour, memo) => {
        await tour.phone('张伟').says('申请动火作业：A罐区管线焊接')
        memo.card = codeOn(await tour.phone('张伟').sees('动火作业票待填写'))
        const form = { area: 'tank-a', from: timeOfDay(await tour.now()), hours: '4', ...hotCrew, ...hotAnswers }
        says(await tour.phone('张伟').turns('保存', { about: memo.card, form }), '已保存')
        const answer = await tour.phone('张伟').turns('提交申请', { about: memo.card })
        for (const words of [memo.code, '李娜', '不得同时进行']) says(answer, words)
        await tour.phone('张伟').sees('动火作业与他票冲突', { about: memo.card, tone: 'danger', facts: { 冲突: memo.code } })
        await tour.phone('李娜').sees('受限空间作业危害分析', { about: memo.code, facts: { 冲突: memo.card } })
      },
    ),
    step(
      '**张伟** presses 取消此票 and waits for the vessel',
      '**张伟** 点 取消此票，等罐内作业结束再申请',
      async (tour, { card }) => {
        says(await tour.phone('张伟').turns('取消此票', { about: card }), '已取消')
        await tour.phone('张伟').sees('动火作业票已取消', { about: card })
      },
    ),
  ],
}

const within: Scene = {
  en: 'A confined space: three gases, what is declared, and everybody out again',
  zh: '受限空间：三种气体、逐项声明、人数清点',
  goesOn: true,
  steps: [
    step(
      '**李娜** presses 确认分析, 已落实 line by line and 已交底; **张伟** and **郑浩** press 已接受交底',
      '**李娜** 点 确认分析，逐条 已落实，再点 已交底；**张伟**、**郑浩** 点 已接受交底',
      async (tour, { code }) => {
        await tour.phone('李娜').turns('确认分析', { about: code })
        holds((await confirmsLines(tour, '李娜', code)) > 10, 'some lines are missing')
        await tour.phone('李娜').turns('已交底', { about: code })
        for (const name of ['张伟', '郑浩']) await tour.phone(name).turns('已接受交底', { about: code })
        await tour.phone('李娜').sees('受限空间作业票待签', { about: code })
      },
    ),
    step(
      '**李娜** signs; **周杰** (owner of the area; PIN as in the hot work) goes to A罐区 and signs with the code from **郑浩**’s phone: 已签发; **郑浩** goes on post (到岗)',
      '**李娜** 签字；**周杰**（区域负责人，口令同动火一幕）到 A罐区，用 **郑浩** 手机上的作业点码签字：已签发；**郑浩** 到岗',
      async (tour, { code }) => {
        await setsPins(tour, '周杰')
        says(await tour.phone('李娜').turns('签字', { about: code }), '已签字')
        const digits = await codeFrom(tour, '郑浩', code)
        const form = { digits, position: await tour.position('tank-a') }
        says(await tour.phone('周杰').turns('签字', { about: code, form: { ...form, pin } }), '已签字')
        says(await tour.phone('郑浩').turns('到岗', { about: code, form }), '到岗')
        await tour.phone('李娜').sees('受限空间作业票已签发', { about: code })
      },
    ),
    step(
      '**郑浩** enters oxygen 21.5 vol%: 不合格, the limit is 19.5 to 21 (6.4 a). After airing, a minute later: oxygen 20.9, hydrogen sulfide 0, methane 0 %LEL: 合格',
      '**郑浩** 记录氧气 21.5%：不合格，限值 19.5～21%（6.4 a）。通风后过一分钟再测：氧 20.9、硫化氢 0、甲烷 0 %LEL：合格',
      async (tour, { code }) => {
        says(await samples(tour, '郑浩', code, { ...oxygen, value: '21.5' }), /不合格.*19\.5.*21/)
        await tour.forward(1)
        for (const value of [oxygen, sulfide, vapour]) says(await samples(tour, '郑浩', code, value), '已记录，合格')
      },
    ),
    step(
      '**李娜** presses 声明已做到 for each need (register, lighting …) and 开始作业: 受限空间作业进行中',
      '**李娜** 逐项点 声明已做到（登记、照明等），点 开始作业：“受限空间作业进行中”',
      async (tour, { code }) => {
        says(await tour.phone('李娜').turns('开始作业', { about: code }), /没有开始：.*尚未声明/)
        await declares(tour, '李娜', code)
        says(await tour.phone('李娜').turns('开始作业', { about: code }), '已开始作业')
        await tour.phone('郑浩').sees('受限空间作业进行中', { about: code })
      },
    ),
    step(
      '**李娜** presses 完工 with 0 people: refused, one is still inside. With 1 and 2 tools: 待验收; **周杰** signs: 受限空间作业票已关闭',
      '**李娜** 点 完工，填 0 人：被拒，还有一人没出来。填 1 人、2 件工具：待验收；**周杰** 签字：“受限空间作业票已关闭”',
      async (tour, { code }) => {
        const done = (people: string) => tour.phone('李娜').turns('完工', { about: code, form: { people, tools: '2' } })
        says(await done('0'), /没有完工：.*应撤出 1 人/)
        says(await done('1'), '已完工')
        says(await tour.phone('周杰').turns('签字', { about: code, form: { pin } }), '作业票关闭')
        await tour.phone('李娜').sees('受限空间作业票已关闭', { about: code })
      },
    ),
  ],
}

export const spaceScenes: readonly Scene[] = [beside, within]
