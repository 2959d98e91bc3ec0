/** Words of the list of works that go on, as a card, and of their statistics. */
export const boardText = {
  title: '作业看板',
  none: '现在没有已签发或进行中的特殊作业。',
  facts: { red: '红', yellow: '黄', green: '绿' },
  count: '{count} 项',
  lights: { red: '🔴', yellow: '🟡', green: '🟢' },
  line: '{light} {name} {area} {point}｜{status} 至 {to}｜{leader}',
  unreadable: '🔴 有一张作业票的登记无法读取，请联系系统管理员',
  more: '还有 {count} 项未列出。',
  note: '红：已停止、已到期或已收回；黄：待签、待开始、待验收或 30 分钟内到期；绿：进行中',
  summary: '作业看板：红 {red}、黄 {yellow}、绿 {green}',
} as const

export const statsText = {
  title: '作业统计',
  subtitle: '{month}，本月至今',
  facts: { starts: '开工', lead: '提前量', stops: '停止', fates: '办理', works: '类别' },
  count: '{count} 次',
  none: '无',
  item: '{name} {count}',
  weekdays: ['一', '二', '三', '四', '五', '六', '日'],
  head: '周几×时段的开工次数（{blocks} 时起）',
  row: '周{day}：{counts}',
  lead: ['不到 2 小时', '2–8 小时', '8–24 小时', '24 小时以上'],
  fates: {
    submitted: '提交',
    upgraded: '升级管理',
    sentBack: '退回',
    conflictFound: '冲突',
    expired: '到期',
    revoked: '收回',
    accepted: '验收',
  },
  note: '提前量是从申请到开工的时间。被系统拒绝的操作不改变作业票，不计数。',
  summary: '作业统计：本月开工 {count} 次',
} as const
