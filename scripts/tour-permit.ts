/** The tour of a hot work until it is issued: applied for, prepared line by line, signed at the place. */
import { codeFrom, confirmsLines, remember, says, setsPins, toMorning } from './tour-permit-acts.ts'
import { hotAnswers, hotCrew, pin, timeOfDay } from './tour-permit-forms.ts'
import { workScenes } from './tour-permit-work.ts'
import { holds, type Scene, step } from './tour-play.ts'

const applied: Scene = {
  en: 'Hot work is applied for: the level with its reason, and measures one by one',
  zh: '申请动火：定级写明理由，安全措施逐条确认',
  steps: [
    step(
      'By day on a working day (else it is managed one level higher; move the clock). **张伟** says `申请动火作业：3号泵房更换法兰`: the card 动火作业票待填写. He presses 提交申请: refused, with what is missing',
      '在工作日白天演（否则升级管理，先拨钟）。**张伟** 发送 `申请动火作业：3号泵房更换法兰`：收到“动火作业票待填写”。直接点 提交申请：被拒，写明还缺什么',
      async (tour, memo) => {
        await toMorning(tour)
        await tour.phone('张伟').says('申请动火作业：3号泵房更换法兰')
        const code = await remember(tour, '张伟', '动火作业票待填写', memo)
        says(await tour.phone('张伟').turns('提交申请', { about: code }), /没有提交：.*还缺/)
      },
    ),
    step(
      'On the page (查看详情) he fills in: from now, 4 hours, leader and worker 张伟, attendant 吴刚, tools 电焊机、角磨机, and the questions: 焊接 and 危险场所 yes, 动火部位 场地, the rest no; 保存. The page says **一级动火** with reason and clause 5.1.3; 提交申请',
      '打开页面（查看详情）填写：开始时间为现在、4 小时、负责人和作业人员 张伟、监护人 吴刚、工具 电焊机、角磨机；问题里“焊接”“危险场所”选是，部位选场地，其余选否；点 保存。页面写明 **一级动火**、理由和条款 5.1.3；点 提交申请',
      async (tour, { code }) => {
        const form = { area: 'pump-3', from: timeOfDay(await tour.now()), hours: '4', ...hotCrew, ...hotAnswers }
        says(await tour.phone('张伟').turns('保存', { about: code, form }), '已保存')
        const { card } = await tour.phone('张伟').reads(code)
        holds(/一级动火.*5\.1\.3/.test(card.body), `the page says “${card.body.slice(0, 120)}”`)
        says(await tour.phone('张伟').turns('提交申请', { about: code }), /已提交：一级动火/)
        await tour.phone('张伟').sees('动火作业危害分析', { about: code, actions: ['确认分析'] })
      },
    ),
    step(
      '**张伟** presses 确认分析, then 已落实 line by line on the page, some with a number: there is no button for all of them',
      '**张伟** 点 确认分析，再在页面上逐条点 已落实，有的要填数量：没有“全部确认”',
      async (tour, { code }) => {
        says(await tour.phone('张伟').turns('确认分析', { about: code }), '危害分析已确认')
        const lines = await confirmsLines(tour, '张伟', code)
        holds(lines > 10, `there were ${lines} lines`)
        await tour.phone('张伟').sees('动火作业安全交底', { about: code, actions: ['已交底'] })
      },
    ),
    step(
      '**张伟** presses 已交底; **吴刚** (attendant) presses 已接受交底: 动火作业票待签, with who signs in which order',
      '**张伟** 点 已交底；**吴刚**（监护人）点 已接受交底：“动火作业票待签”，列出签字顺序',
      async (tour, { code }) => {
        await tour.phone('张伟').turns('已交底', { about: code })
        await tour.phone('吴刚').turns('已接受交底', { about: code })
        await tour.phone('张伟').sees('动火作业票待签', { about: code, text: '动火审批人' })
      },
    ),
  ],
}

const signed: Scene = {
  en: 'Signed at the place: from the office it is refused, kindly',
  zh: '到现场签字：在办公室签会被婉拒',
  goesOn: true,
  steps: [
    step(
      '**周杰**, **刘洋**, **赵敏** and **蒋涛** each say `设置签名口令` and type a PIN twice on the page (`280417`)',
      '**周杰**、**刘洋**、**赵敏**、**蒋涛** 分别发送 `设置签名口令`，在页面上输入两遍（`280417`）',
      async (tour) => {
        await setsPins(tour, '周杰', '刘洋', '赵敏', '蒋涛')
        await tour.phone('赵敏').hears('签名口令刚刚设置或更换')
      },
    ),
    step(
      '**张伟** presses 签字; **周杰** (owner of the area), then **刘洋** (safety officer) sign on their pages with their PIN: each node in its order',
      '**张伟** 点 签字；**周杰**（区域负责人）、**刘洋**（安全员）依次在页面上输入口令签字：按顺序，谁也不能跳',
      async (tour, { code }) => {
        says(await tour.phone('张伟').turns('签字', { about: code }), '已签字')
        for (const name of ['周杰', '刘洋']) {
          await tour.phone(name).sees('动火作业票待签', { about: code })
          says(await tour.phone(name).turns('签字', { about: code, form: { pin } }), '已签字')
        }
      },
    ),
    step(
      '**吴刚** presses 出示作业点码. **赵敏** opens her page, chooses 人在 办公楼 above it, types the code and her PIN and presses 签字: refused, with the clause (4.11) and what to do',
      '**吴刚** 点 出示作业点码。**赵敏** 打开页面，在上方选“人在 办公楼”，输入作业点码和口令点 签字：被婉拒，写明条款（4.11）和怎么办',
      async (tour, memo) => {
        memo.nonce = await codeFrom(tour, '吴刚', memo.code)
        const form = { digits: memo.nonce, pin, position: await tour.position('office') }
        says(await tour.phone('赵敏').turns('签字', { about: memo.code, form }), /不在 .*作业点.*4\.11.*请到作业点再按/)
      },
    ),
    step(
      '**赵敏** goes there (人在 3号泵房, 重新定位, the code of this minute) and presses 签字: 动火作业票已签发',
      '**赵敏** 到现场（“人在”选 3号泵房，重新定位，用这一分钟的码）再点 签字：“动火作业票已签发”',
      async (tour, { code }) => {
        const form = { digits: await codeFrom(tour, '吴刚', code), pin, position: await tour.position('pump-3') }
        says(await tour.phone('赵敏').turns('签字', { about: code, form }), '已签字')
        await tour.phone('张伟').sees('动火作业票已签发', { about: code, actions: ['开始作业'] })
      },
    ),
  ],
}

export const hotScenes: readonly Scene[] = [applied, signed, ...workScenes]
