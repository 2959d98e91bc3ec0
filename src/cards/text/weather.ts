/** Every word that people read about the weather of a site. */
export const weatherText = {
  title: '厂区气象',
  none: '尚无气象数据',
  facts: { at: '观测时间', wind: '风力', fog: '大雾', heavySnow: '大雪', rainstorm: '暴雨', thunder: '雷电' },
  force: '{force}级',
  yes: '有',
  no: '无',
  unknown: '未知',
  waiting: '没有在用的作业票，暂不更新',
  watching: '有作业票在用，每10分钟更新',
  summary: '厂区气象：风力{wind}',
  page: '查看',
  say: {},
  notices: {
    'silent-no-feed':
      '本厂没有配置气象数据源。没有风力和天气数据时，露天动火、高处、吊装等作业不能开始，正在进行的会暂停。请在配置中填写 weather。',
    'silent-unreachable':
      '气象数据源连续 3 次没有响应。超过 60 分钟没有新数据时，受天气限制的露天作业会自动暂停。请检查数据源和网络。',
    'silent-refused':
      '气象数据源连续 3 次拒绝了请求。超过 60 分钟没有新数据时，受天气限制的露天作业会自动暂停。请检查地址和授权。',
    'silent-not-understood':
      '气象数据源连续 3 次返回了不能识别的内容。未知天气不算好天气：受天气限制的露天作业会自动暂停。请检查数据格式。',
  },
  refusals: {
    'no-such-case': '没有操作：还没有这个厂区的气象记录（本产品气象规则：有作业票时才开始记录）。请先办理作业票，或核对厂区。',
    resting: '没有操作：现在没有在用的作业票，气象暂不更新（本产品气象规则）。请在有作业票后再看，届时自动恢复。',
    'from-the-future':
      '没有采用：这条气象数据的时间 {at} 晚于现在（本产品气象规则：来自未来的数据不算）。请校准气象数据源的时钟。',
  },
  actions: {},
  acts: {},
  roles: {},
  history: {
    watched: '开始关注气象',
    rested: '没有作业票在用，停止更新',
    observed: '收到气象数据',
    missed: '没有收到气象数据',
  },
} as const
