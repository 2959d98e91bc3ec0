/** The tour of a hot work that goes on: the gate, a STOP, an attendant who does not answer, the last person out. */
import { codeFrom, declares, samples, says } from './tour-permit-acts.ts'
import { methane, pin } from './tour-permit-forms.ts'
import { type Scene, step } from './tour-play.ts'

const started: Scene = {
  en: 'The gate names every condition; anybody stops the work',
  zh: '开工闸门逐项把关，任何人都能叫停',
  goesOn: true,
  steps: [
    step(
      '**张伟** presses 开始作业: refused, what is open is named with its clause. **吴刚** goes on post (到岗 on the page, with the code), **蒋涛** (shift lead) checks the ticket (签字, PIN)',
      '**张伟** 点 开始作业：被拒，写明哪项未满足和条款。**吴刚** 在页面上 到岗（输入作业点码），**蒋涛**（当班班长）验票签字',
      async (tour, { code }) => {
        says(await tour.phone('张伟').turns('开始作业', { about: code }), /没有开始：.*GB 30871-2022/)
        const form = { digits: await codeFrom(tour, '吴刚', code), position: await tour.position('pump-3') }
        says(await tour.phone('吴刚').turns('到岗', { about: code, form }), '到岗')
        says(await tour.phone('蒋涛').turns('签字', { about: code, form: { pin } }), '已签字')
      },
    ),
    step(
      '**张伟** presses 开始作业 again: no gas test (5.3.1). **吴刚** enters one on his page (可燃气体, 甲烷, 0 %LEL, 周围 10 m, instrument, calibration, time): 合格',
      '**张伟** 再点 开始作业：没有气体检测（5.3.1）。**吴刚** 在页面上 记录气体（可燃气体、甲烷、0 %LEL、周围 10 m、仪器、校准期、采样时间）：合格',
      async (tour, { code }) => {
        says(await tour.phone('张伟').turns('开始作业', { about: code }), /没有开始：.*还没有可燃气体检测值.*5\.3\.1/)
        says(await samples(tour, '吴刚', code, methane), /合格/)
        await declares(tour, '张伟', code)
      },
    ),
    step(
      '**张伟** presses 开始作业: 动火作业进行中 on every phone of the job, with 气体有效 and the attendant on post',
      '**张伟** 点 开始作业：各方手机上“动火作业进行中”，写明 气体有效 到几点、监护人在岗',
      async (tour, { code }) => {
        says(await tour.phone('张伟').turns('开始作业', { about: code }), '已开始作业')
        for (const name of ['张伟', '吴刚', '周杰', '蒋涛'])
          await tour.phone(name).sees('动火作业进行中', { about: code, facts: { 气体有效: /前$/, 监护人: /吴刚/ } })
      },
    ),
    step(
      '**冯雪**, who passes by, says `停止作业 3号泵房 闻到异味`: 动火作业已停止 on every phone at once, also on those of the safety officers',
      '路过的 **冯雪** 发送 `停止作业 3号泵房 闻到异味`：所有人的手机立即变为“动火作业已停止”，安全员也收到',
      async (tour, { code }) => {
        await tour.phone('冯雪').says('停止作业 3号泵房 闻到异味')
        await tour.phone('冯雪').sees('已停止作业', { text: code })
        for (const name of ['张伟', '吴刚', '周杰', '蒋涛', '刘洋', '孙丽'])
          await tour.phone(name).sees('动火作业已停止', { about: code, tone: 'danger', text: '闻到异味' })
      },
    ),
    step(
      'Press **+15 min** three times. **张伟** presses 恢复作业: refused, after a break the gas is tested anew (5.3.1 d). **吴刚** enters a new value; 恢复作业: it goes on',
      '点三次 **+15 min**：**张伟** 点 恢复作业：被拒，中断后须重新检测（5.3.1 d）。**吴刚** 记录新值后再点 恢复作业：继续',
      async (tour, { code }) => {
        await tour.forward(45)
        says(await tour.phone('张伟').turns('恢复作业', { about: code }), /没有开始：.*中断后未重新检测气体.*5\.3\.1 d/)
        says(await samples(tour, '吴刚', code, methane), /合格/)
        says(await tour.phone('张伟').turns('恢复作业', { about: code }), '已恢复作业')
        await tour.phone('周杰').sees('动火作业进行中', { about: code })
      },
    ),
  ],
}

const closed: Scene = {
  en: 'An attendant who does not answer ends the work; people and tools are counted out',
  zh: '监护人未答复自动停止；清点人员工具后关闭',
  goesOn: true,
  steps: [
    step(
      'The last sign of **吴刚** is older than 15 minutes, so he is asked as soon as work goes on: 请监护人答复在岗, red, with five minutes to answer. His page measures where he is: 我在岗',
      '**吴刚** 上次在岗已超过 15 分钟，恢复后立即收到红色“请监护人答复在岗”，5 分钟内答复；在页面上定位后点 我在岗',
      async (tour, { code }) => {
        await tour.phone('吴刚').sees('请监护人答复在岗', { about: code, tone: 'danger' })
        const form = { position: await tour.position('pump-3') }
        says(await tour.phone('吴刚').turns('我在岗', { about: code, form }), '已记下您在岗')
      },
    ),
    step(
      'Press **+15 min** twice and let him be silent: he is asked again after 8 to 15 minutes, by lot, and five minutes later 动火作业已停止, 监护人不在岗, on every phone',
      '点两次 **+15 min**，让他不答：8～15 分钟内随机再问一次，5 分钟未答，各方手机“动火作业已停止”，原因 监护人不在岗',
      async (tour, { code }) => {
        await tour.forward(30)
        for (const name of ['张伟', '周杰', '刘洋'])
          await tour.phone(name).sees('动火作业已停止', { about: code, tone: 'danger', text: '监护人不在岗' })
      },
    ),
    step(
      '**张伟** presses 完工 with 1 person and 1 tool: refused, 2 tools went in. With 2: 动火作业待验收',
      '**张伟** 点 完工，填 1 人、1 件工具：被拒，进场的是 2 件。填 2 件：“动火作业待验收”',
      async (tour, { code }) => {
        const done = (tools: string) => tour.phone('张伟').turns('完工', { about: code, form: { people: '1', tools } })
        says(await done('1'), /没有完工：.*应撤出 1 人、收回 2 件工具/)
        says(await done('2'), '已完工')
        await tour.phone('张伟').sees('动火作业待验收', { about: code })
      },
    ),
    step(
      '**周杰** accepts the work (签字, PIN): 动火作业票已关闭 on every phone',
      '**周杰** 验收签字（口令）：各方手机“动火作业票已关闭”',
      async (tour, { code }) => {
        says(await tour.phone('周杰').turns('签字', { about: code, form: { pin } }), '作业票关闭')
        for (const name of ['张伟', '周杰']) await tour.phone(name).sees('动火作业票已关闭', { about: code })
      },
    ),
  ],
}

export const workScenes: readonly Scene[] = [started, closed]
