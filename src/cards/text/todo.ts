/** Words of the to-do list (我的待办). */
export const todoText = {
  title: '我的待办',
  facts: { count: '待办', overdue: '已逾期' },
  count: '{count} 件',
  atLeast: '{count} 件以上',
  line: '{index}. {late}{code} {title}（{time} 前）',
  late: '【逾期】',
  more: '还有 {count} 件未列出，请先处理以上各项。',
  empty: '目前没有等待您处理的事项。发现隐患，直接发照片或一句话给我。',
  note: '发送编号可打开对应卡片',
  summary: '我的待办：{count} 件',
} as const
