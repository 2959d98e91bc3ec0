import type { NearMissEvent, NearMissState } from '../../workflows/near-miss/near-miss.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about near misses (未遂事件). */
export const nearMissText = {
  titles: {
    mine: '未遂事件已上报',
    reply: '未遂事件待答复',
    late: '未遂事件逾期未答复',
    watch: '未遂事件跟踪',
    answered: '未遂事件已答复',
  },
  status: { unanswered: '待答复', answered: '已答复' } satisfies Readonly<Record<NearMissState['status'], string>>,
  facts: {
    status: '状态',
    reply: '答复',
    repliedBy: '答复人',
    replyBy: '答复时限',
    reporter: '上报人',
    reportedAt: '上报时间',
    converted: '已转隐患',
  },
  anonymous: '匿名',
  unlinked: '{name}（未关联账号）',
  converted: '是，由{name}转出',
  form: { reason: '答复内容（上报人会看到）' },
  actions: { reply: '答复', convert: '转为隐患' },
  confirm: { convert: { title: '转为隐患？', text: '将按隐患流程派单整改，仍须答复上报人。' } },
  notes: { climb: '{time} 仍未答复将升级至{role}', protected: '善意上报未遂事件不扣分、不处罚' },
  acts: {},
  roles: hazardText.roles,
  page: '查看详情',
  say: {
    words: '请直接回复一句话：发生了什么、在哪里，没有人受伤也请说明',
    'anonymous-words': '请直接回复一句话：发生了什么、在哪里。请不要写您自己的姓名。您的账号和姓名不会进入案件记录。',
    reported: '未遂事件已上报，编号 {code}，48 小时内给您答复',
    'reported-anonymously':
      '已匿名登记，案件记录里没有您的姓名和账号。回执号 {receipt}，请自己保存，只发这一次。48 小时内会有答复，发送“回执 {receipt}”查看。',
    'receipt-waiting': '{code} 已收到，正在处理，最迟 {at} 答复。请届时再发送一次回执号。',
    'receipt-answered': '{code} 已于 {at} 答复：{reply}',
    'reply-words': '请直接回复一句话作为答复（{code}），上报人会看到',
    replied: '已答复，编号 {code}',
    converted: '{code} 已转为隐患并派单，请继续答复上报人',
  },
  notices: {
    'nobody-holds': '【告警】未遂事件 {code} 需要“{role}”答复，但该岗位无人或无法联系，已继续升级。请立即补齐人员或关联账号。',
  },
  refusals: {
    'no-such-case': '没有找到这条未遂事件。请核对编号，或发送“未遂 内容”重新上报。',
    'link-first':
      '这个账号还没有关联到人员档案，没有操作：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
    'not-a-reporter': '没有登记：按未遂事件规则，只有本人在聊天中发送的内容才能登记为上报。请发送“未遂 内容”。',
    'open-already': '没有重复登记：这条未遂事件已登记为 {code}，按规则一次只登记一条。请按编号查看进度。',
    'not-your-duty': '没有操作：按未遂事件规则，{code} 由被通知的班组长、安全员或安全总监答复。请联系安全员。',
    'not-your-own': '没有操作：按规则不能答复自己上报的未遂事件（{code}）。请等其他负责人答复。',
    'officers-only': '没有操作：按规则 {code} 只由安全员或安全总监转为隐患。如有紧急情况，请直接发照片上报隐患。',
    'answered-already': '没有操作：{code} 已于 {at} 答复，按规则只答复一次，卡片已更新。如还有补充，请直接联系上报人或重新上报。',
    'converted-already': '没有操作：{code} 已于 {at} 转为隐患，按规则不重复派单。请在隐患卡片上跟进。',
    'receipt-unknown':
      '没有找到这个回执号。请核对后重新发送，例如“回执 7KQ2-9MDF-XH4T”；刚登记的请稍等一分钟。遗失的回执号按匿名规则无法补发，请重新上报。',
  },
  history: {
    reported: '上报未遂事件',
    called: '通知{role}：{persons}',
    replied: '答复：{reply}',
    converted: '转为隐患',
    unreached: '无法通知{person}',
  } satisfies Readonly<Record<NearMissEvent['type'], string>>,
  itself: ['called', 'unreached'],
} as const
