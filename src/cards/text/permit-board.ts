/** Every word that people read on the card of works that go on (作业看板). */
export const boardText = {
  title: '作业看板',
  lights: { red: '🔴', yellow: '🟡', green: '🟢' },
  facts: { red: '红', yellow: '黄', green: '绿' },
  count: '{count} 项',
  line: '{light} {name} {area} {point} {status} 至 {to}（{leader}）',
  none: '现在没有在用的作业票',
  more: '……还有 {count} 项',
  summary: '作业看板：红 {red} 黄 {yellow} 绿 {green}',
  note: '红：已停止、超时未关闭或无法读取；黄：未开始、待验收或 30 分钟内到期；绿：作业中',
} as const

/** Every word of the figures of special works (作业统计). */
export const permitStatsText = {
  title: '特殊作业统计',
  subtitle: '{month}',
  facts: { starts: '开始作业', lead: '提前申请', stops: '停止原因', fates: '办理结果', works: '作业类别' },
  count: '{count} 次',
  item: '{name} {count}',
  none: '无',
  lead: ['不到 2 小时', '2–8 小时', '8–24 小时', '超过 24 小时'],
  fates: {
    submitted: '提交',
    upgraded: '升级管理',
    sentBack: '退回',
    conflictFound: '冲突',
    expired: '到期',
    revoked: '收回',
    accepted: '验收',
  },
  weekdays: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  head: '开始时刻（每 4 小时）：{blocks}',
  row: '{day} {counts}',
  summary: '特殊作业统计：开始 {count} 次',
  note: '按本月开始的作业统计',
} as const
