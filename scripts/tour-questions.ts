/** The tour of what people ask in the chat, and of the digest that comes unasked. */
import { codeOn, holds, type Scene, step } from './tour-play.ts'

export const questions: Scene = {
  en: 'Questions in the chat, and the digest at 07:30',
  zh: '聊天里随时可问；每天 07:30 的简报',
  steps: [
    step(
      '**张伟** says `3号泵房楼梯积水`; **李娜** says `我的待办`: the case is on her list',
      '**张伟** 发送 `3号泵房楼梯积水`；**李娜** 发送 `我的待办`：清单里有这条隐患',
      async (tour, memo) => {
        await tour.phone('张伟').says('3号泵房楼梯积水')
        memo.code = codeOn(await tour.phone('李娜').sees('隐患待处理'))
        await tour.phone('李娜').says('我的待办')
        await tour.phone('李娜').sees('我的待办', { facts: { 待办: / 件/ }, text: memo.code })
      },
    ),
    step(
      '**李娜** says `我的积分`, then `我的安全画像`: six axes and a radar picture; what has no record says 暂无记录 instead of a full score',
      '**李娜** 发送 `我的积分`，再发 `我的安全画像`：六个维度和一张雷达图；没有记录的写“暂无记录”，不按满分算',
      async (tour) => {
        await tour.phone('李娜').says('我的积分')
        await tour.phone('李娜').sees('我的安全积分', { text: '总积分' })
        await tour.phone('李娜').says('我的安全画像')
        await tour.phone('李娜').sees('我的安全画像', { facts: { 按期整改: /█|░|暂无记录/ }, text: /守规/ })
      },
    ),
    step(
      '**王强** says `指标`, then `整改率`: counts and shares of the last 30 days, with formula and inputs; a share without cases says 无数据',
      '**王强** 发送 `指标`，再发 `整改率`：近 30 天的数量和比率，带口径和取数；没有样本的比率写“无数据”',
      async (tour) => {
        await tour.phone('王强').says('指标')
        await tour.phone('王强').sees('隐患治理指标', { text: /上报 [1-9]/, facts: { 按期关闭率: /%|无数据/ } })
        await tour.phone('王强').says('整改率')
        await tour.phone('王强').sees('隐患整改率', { text: /口径：期内上报的有效隐患/, facts: { 有效隐患: /[1-9]/ } })
      },
    ),
    step(
      'Press **+48 h**. At 07:30 **李娜** had 班组今日 TOP3 with the case, **王强** 每日安全简报, **何平** (the principal) 集团安全日报',
      '点 **+48 h**。早上 07:30，**李娜** 收到“班组今日 TOP3”，其中有这条隐患；**王强** 收到“每日安全简报”；**何平**（主要负责人）收到“集团安全日报”',
      async (tour, memo) => {
        await tour.forward(48 * 60)
        const seen = await tour.phone('李娜').sees('班组今日 TOP3', { facts: { 未关闭: /[1-9]/ }, text: memo.code })
        const time = new Date(seen.sentAt).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' })
        holds(time.startsWith('07:30'), `the digest came at ${time}`)
        await tour.phone('王强').sees('每日安全简报', { facts: { 未关闭: /[1-9]/ } })
        await tour.phone('何平').sees('集团安全日报')
      },
    ),
    step(
      '**李娜** presses 接单 on the card that waited: its clocks stop calling',
      '**李娜** 在一直等着的卡片上点 接单：催办到此为止',
      async (tour, memo) => {
        await tour.phone('李娜').presses('接单', { about: memo.code })
        await tour.phone('李娜').sees('隐患待整改', { about: memo.code })
      },
    ),
  ],
}
