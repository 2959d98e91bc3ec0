import type { HandoverEvent, HandoverState } from '../../workflows/handover/handover.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about shift handovers (交接班). */
export const handoverText = {
  titles: {
    prepare: '交接班：逐项确认',
    offer: '交接班：请签字交班',
    returned: '交接班被退回',
    waiting: '交接班：等待接班人签字',
    sign: '请签字接班',
    watch: '交接班跟踪',
    late: '交接班超时未签',
    signed: '交接班已完成',
    cancelled: '交接班已作废',
  },
  status: { preparing: '交班人确认中', offered: '等待接班人签字', signed: '双方已签字', cancelled: '已作废' } satisfies Readonly<
    Record<HandoverState['status'], string>
  >,
  lines: {
    hazards: '本班组未结隐患',
    equipment: '设备状态',
    interimControls: '临时管控措施',
    permits: '有效作业票',
  } as Readonly<Record<string, string>>,
  /** Behind the name of a line: what the system knows of it. */
  found: {
    hazards: '{count} 条（{codes}）',
    noHazards: '系统内没有待办，请现场核对',
    notConnected: '未接入，请当面交接',
    people: '请现场核对',
  },
  checked: { open: '待确认', fine: '已确认', note: '有情况：{note}' },
  facts: {
    status: '状态',
    outgoing: '交班人',
    incoming: '接班人',
    signBy: '签字时限',
    returned: '退回原因',
    called: '已上报',
    unreached: '未送达',
    closing: '作废原因',
  },
  form: { line: '检查项', note: '情况说明', incoming: '接班人', reason: '异议内容（退回时必填）' },
  actions: {
    confirm: '确认无误',
    note: '有情况',
    offer: '签字交班',
    sign: '签字接班',
    disagree: '有异议',
    cancel: '作废',
  },
  again: '改请他人接班',
  confirm: {
    sign: { title: '签字接班？', text: '签字表示您已逐项核对并接手。' },
    offer: { title: '签字交班？', text: '签字表示各项已如实说明。' },
  },
  notes: { climb: '{time} 仍未双方签字将上报部门负责人' },
  acts: {},
  roles: hazardText.roles,
  page: '查看详情',
  noRemarks: '（没有补充说明）',
  say: {
    confirmed: '已确认一项，编号 {code}',
    noted: '情况已记下，编号 {code}',
    'note-words': '请直接回复一句话说明这一项的情况（{code}），接班人会看到',
    'who-takes-over': '请直接回复接班人的姓名（{code}）',
    offered: '已签字交班，等待{name}签字接班',
    signed: '交接班完成，双方已签字，编号 {code}',
    'disagree-reason': '请直接回复一句话说明异议（{code}），交班人会看到',
    returned: '已退回交班人，编号 {code}',
    'cancel-reason': '请直接回复一句话说明为什么作废（{code}）',
    cancelled: '{code} 已作废，原因已留存',
  },
  notices: {
    'nobody-holds': '【告警】交接班 {code} 超时未签，应上报“{role}”，但该岗位无人或无法联系。请立即补齐人员或关联账号。',
    unreached: '【提醒】交接班 {code} 的签字卡片无法送达{name}，请当面联系，或在卡片上改请他人接班。',
  },
  refusals: {
    'no-such-case': '没有找到这次交接班。请核对编号，或由班组长发送“交班 说明”重新发起。',
    'link-first':
      '这个账号还没有关联到人员档案，没有签字：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
    'not-a-lead': '没有发起：按交接班规则，交接班由本班组班组长发起。请联系您的班组长。',
    'open-already': '没有重复登记：交接班 {code} 已经发起，按规则一次交接只登记一次。请在原来的卡片上操作。',
    'outgoing-only': '没有操作：按规则 {code} 由交班人{name}操作。如有不同意见，请接班人点“有异议”。',
    'incoming-only': '没有操作：按规则 {code} 只由指定的接班人{name}签字或提出异议。请联系交班人更改接班人。',
    'two-persons': '没有签字：按规则 {code} 的交班和接班必须由不同的两个人签字。请由接班人签字。',
    'not-offered': '没有签字：{code} 的交班人{name}还没有签字交班，按规则先交后接。请等交班人签字后再操作。',
    'offered-already':
      '没有更改：{code} 已签字交班，正等待{name}签字，按规则签字后内容不再更改。如内容有误，请接班人点“有异议”退回。',
    'choose-line': '没有记下：{code} 按规则须逐项处理。请先选择检查项再操作（可点“查看详情”填写）。',
    'line-checked': '没有更改：{code} 的这一项已经确认过，按规则每项只确认一次。如有变化，请选该项后点“有情况”。',
    'lines-open': '没有签字：{code} 还有检查项没有确认，按交接班规则须逐项确认后签字。请先完成待确认的项。',
    'nobody-takes-over':
      '没有签字：按规则 {code} 须由另一位班组长接班，但找不到可以接班的班组长（岗位无人或账号未关联）。请立即电话联系部门负责人安排接班人。',
    'successor-unknown':
      '没有签字：按规则 {code} 须由另一位班组长接班，“{name}”不是可以接班的班组长。请重新点“签字交班”并回复正确的姓名。',
    ended: '没有操作：{code} 已于 {at} 结束，按规则结束后不再更改。如需重新交接，请发送“交班 说明”。',
  },
  history: {
    started: '发起交接班：{remarks}',
    confirmed: '确认一项无误',
    noteAsked: '准备说明一项情况',
    noted: '说明情况：{note}',
    offered: '签字交班，接班人{incoming}',
    signed: '签字接班',
    returned: '退回：{reason}',
    cancelled: '作废：{reason}',
    called: '超时未签，上报{role}：{persons}',
    unreached: '卡片无法送达{person}',
  } satisfies Readonly<Record<HandoverEvent['type'], string>>,
  itself: ['called', 'unreached'],
} as const
