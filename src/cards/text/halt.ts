/** Every word that people read when somebody says 停止作业. */
export const haltText = {
  title: '已停止作业',
  facts: { count: '停止', by: '叫停人', at: '时间', words: '原话' },
  count: '{count} 项',
  line: '■ {code} {area} {point}',
  more: '还有 {count} 项',
  body: '所有人员已收到通知，须重新核对全部条件才能恢复。善意叫停受保护（《安全生产法》第五十五条）。',
  page: '查看详情',
  summary: '已停止作业：{codes}',
  actions: {},
  acts: {},
  roles: {},
  say: { halted: '已停止作业：{codes}。所有人员已通知。' },
  notices: {},
  refusals: {
    'no-such-case': '没有找到这条叫停记录。请重新发送“停止作业”加地点。',
    'link-first': '没有收到可以识别的身份，按叫停规则须由本人发出。请直接发送“停止作业”加地点。',
    'nothing-goes-on':
      '没有停止：按作业票登记，现场现在没有正在进行的特殊作业（GB 30871-2022 4.8）。如仍有人作业，请立即当面制止，并发送照片上报。',
    'which-one': '没有停止：不知道是哪一项作业（GB 30871-2022 4.8）。请发送“停止作业”加地点或作业票编号；情况紧急请当面制止。',
    'which-of-these':
      '没有停止：没有对上正在进行的作业（GB 30871-2022 4.8）。请发送“停止作业”加下列地点或编号：{active}。情况紧急请当面制止。',
    'said-already': '没有重复叫停：这一次已经登记，按叫停规则一次只记一条。如有新的险情，请重新发送“停止作业”加地点。',
  },
  history: { halted: '停止作业' },
  itself: [],
} as const
