/** The tour of a repair from the photo to the proven closing, and what every scene with a repair shares. */

import type { Phone, Tour } from './tour-phones.ts'
import { codeOn, holds, type Scene, step } from './tour-play.ts'

const shots = {
  during: { labels: ['上传整改中照片'], sample: 'rotated.jpg', taken: '整改中照片已归入' },
  after: { labels: ['上传整改后照片', '上传整改照片'], sample: 'fixed-oil-leak.jpg', taken: '整改照片已归入' },
  report: { labels: ['上传检测报告'], sample: 'fixed-oil-leak.jpg', taken: '检测报告已归入' },
} as const

/** Sends a photo of a stage, by whichever of its buttons the card has. */
export const shows = async (owner: Phone, about: string, stage: keyof typeof shots): Promise<void> => {
  const { labels, sample, taken } = shots[stage]
  const cards = (await owner.all()).filter(({ text }) => text.split('\n').includes(about))
  const label = labels.find((one) => cards.some(({ actions }) => actions.includes(one)))
  if (label === undefined) return holds(false, `${owner.name} has no button for photos of ${stage}`)
  await owner.presses(label, { about })
  await owner.sends(sample)
  await owner.hears(`${taken} ${about}`)
}

/** 提交整改, and the signature in the owner's own words. */
export const submits = async (owner: Phone, about: string): Promise<void> => {
  await owner.presses('提交整改', { about })
  await owner.says('本人确认')
}

type Judge = { readonly phone: Phone; readonly task: string }

/** Whoever was drawn: two, found by looking at every phone, because nobody is told who they are. */
export const judges = async (tour: Tour): Promise<readonly Judge[]> => {
  const found: Judge[] = []
  for (const phone of await tour.phones())
    for (const { title, actions } of await phone.all())
      if (/^验收任务 [AB]$/.test(title) && actions.includes('验收通过')) found.push({ phone, task: title })
  holds(
    found
      .map(({ task }) => task)
      .toSorted()
      .join() === '验收任务 A,验收任务 B',
    `the tasks are ${found.map(({ phone, task }) => `${task} (${phone.name})`).join(', ') || 'none'}`,
  )
  return found
}

/** Both tasks are blind, without a name, a team or the code; both are passed. Gives who they were. */
export const passBlind = async (tour: Tour, about: string, hidden: RegExp): Promise<readonly string[]> => {
  const both = await judges(tour)
  for (const { phone, task } of both) {
    const seen = await phone.sees(task, { actions: ['验收通过', '退回整改', '有利害关系'] })
    const words = `${seen.title}\n${seen.text}\n${seen.facts.flat().join('\n')}`
    holds(!hidden.test(words) && !words.includes(about), `${task} of ${phone.name} is not blind: ${words}`)
  }
  for (const { phone } of both) await phone.presses('验收通过')
  return both.map(({ phone }) => phone.name)
}

const officers = new Set(['刘洋', '孙丽', '马骏', '罗敏', '谢芳', '彭辉', '曹燕'])

const repair: Scene = {
  en: 'A hazard, from the photo to two blind verdicts',
  zh: '一条隐患：从照片到双盲验收',
  steps: [
    step(
      '**张伟** (welder) sends the sample 3号泵房漏油 with `3号泵房地面有油`: 隐患已上报; **李娜** (his team lead) has 隐患待处理 with the photo, place, colour and 接单',
      '**张伟**（焊工）发送示例照片“3号泵房漏油”，配上 `3号泵房地面有油`：“隐患已上报”；**李娜**（班长）收到“隐患待处理”：照片、区域、等级，可 接单',
      async (tour, memo) => {
        await tour.phone('张伟').sends('oil-leak.jpg', '3号泵房地面有油')
        const look = { facts: { 建议区域: '3号泵房', 建议等级: /^黄/, 上报人: '张伟' }, actions: ['接单'], pictures: 1 }
        memo.code = codeOn(await tour.phone('李娜').sees('隐患待处理', look))
        await tour.phone('张伟').sees('隐患已上报', { about: memo.code })
      },
    ),
    step(
      '**李娜** presses 接单: the answer repaints her card to 隐患待整改 with a term; 张伟 sees who has it',
      '**李娜** 点 接单：应答直接把卡片刷新为“隐患待整改”并写明期限；张伟看到由谁负责',
      async (tour, memo) => {
        await tour.phone('李娜').presses('接单', { about: memo.code })
        await tour.phone('李娜').sees('隐患待整改', { about: memo.code, facts: { 整改期限: /\d/ }, actions: ['上传整改照片'] })
        await tour.phone('张伟').sees('隐患已上报', { about: memo.code, facts: { 责任人: '李娜', 状态: '已接单' } })
      },
    ),
    step(
      '**李娜** presses 上传整改照片 and sends the sample 漏油已整改: the photo stands on the card, and 提交整改 appears',
      '**李娜** 点 上传整改照片，发送示例照片“漏油已整改”：照片出现在卡片上，出现 提交整改',
      async (tour, memo) => {
        await shows(tour.phone('李娜'), memo.code, 'after')
        await tour.phone('李娜').sees('隐患待整改', { about: memo.code, actions: ['提交整改'], pictures: 2 })
      },
    ),
    step(
      '**李娜** presses 提交整改 and says `本人确认`: 等待验收 by A and B. Two officers of other teams were drawn and have 验收任务 A and B; look for them on the phones of 刘洋, 孙丽, 马骏, 罗敏, 谢芳, 彭辉, 曹燕. No name, no team, no code on their cards',
      '**李娜** 点 提交整改，回复 `本人确认`：“等待验收”，验收人只写 A、B。系统从其他班组抽了两名安全员，在刘洋、孙丽、马骏、罗敏、谢芳、彭辉、曹燕的手机上找“验收任务 A / B”。任务卡上没有姓名、班组和编号',
      async (tour, memo) => {
        await submits(tour.phone('李娜'), memo.code)
        await tour.phone('李娜').sees('等待验收', { about: memo.code, facts: { 验收人: 'A、B，已验收 0/2' } })
        for (const { phone } of await judges(tour)) holds(officers.has(phone.name), `${phone.name} is no officer`)
      },
    ),
    step(
      'Both press 验收通过: the case is closed, **张伟** reads 隐患已关闭, **李娜** too, and neither learns who judged',
      '两人都点 验收通过：隐患关闭，**张伟** 和 **李娜** 都看到“隐患已关闭”，但都不知道谁验收的',
      async (tour, memo) => {
        const names = await passBlind(tour, memo.code, /李娜|张伟|机修|滨海/)
        for (const name of ['张伟', '李娜']) {
          const seen = await tour.phone(name).sees('隐患已关闭', { about: memo.code, tone: 'success', facts: { 状态: '已关闭' } })
          holds(!names.some((one) => JSON.stringify(seen).includes(one)), `${name} reads who judged`)
        }
      },
    ),
  ],
}

export const repairScenes: readonly Scene[] = [repair]
