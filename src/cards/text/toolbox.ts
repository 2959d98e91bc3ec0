import type { ToolboxEvent } from '../../workflows/toolbox/toolbox.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about toolbox talks (班前会). */
export const toolboxText = {
  titles: { sign: '班前会签到', signed: '班前会已签到', lead: '班前会', watch: '班前会', closed: '班前会已结束' },
  status: { gathering: '签到中', closed: '已结束', signed: '已签到', missed: '未签到' },
  facts: {
    status: '状态',
    count: '已签到',
    missing: '未签到',
    unreached: '未送达',
    unlinked: '未关联',
    lead: '召集人',
    team: '班组',
    mine: '签到',
  },
  actions: { sign: '签到', review: '刷新名单', close: '结束签到' },
  confirm: { close: { title: '结束签到？', text: '结束后不能再签到，未签到名单将留存。' } },
  notes: { open: '{time} 自动结束', closed: '{time} 结束', nobody: '无', besides: '（另有 {count} 人）' },
  acts: {},
  roles: hazardText.roles,
  page: '查看详情',
  say: {
    topic: '请直接回复一句话：今天班前会讲什么（作业内容和风险）',
    signed: '已签到，编号 {code}',
    closed: '已结束，未签到 {count} 人，名单已留存',
  },
  notices: {
    unreached: '【提醒】班前会 {code} 的签到卡片无法送达{name}，请当面交底并让其补签。',
  },
  refusals: {
    'no-such-case': '没有找到这次班前会。请核对编号，或由班组长发送“班前会 内容”重新发起。',
    'link-first':
      '这个账号还没有关联到人员档案，没有签到：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
    'not-a-lead': '没有发起：按班前会规则，只有班组长可以为本班组发起班前会。请联系您的班组长。',
    'nobody-to-ask':
      '没有发起：按班前会规则至少要有一名其他成员签到，{name}没有其他可以收到卡片的成员。请先让成员关联聊天账号，或当面开会并留纸质签到。',
    'open-already': '没有重复登记：班前会 {code} 已经发起，按规则一次班前会只登记一次。请在原来的卡片上签到。',
    'not-invited': '没有签到：{code} 是{name}为本班组发起的班前会，按规则只由本班组其他成员签到。请参加您自己班组的班前会。',
    'signed-already': '没有重复签到：您在 {at} 已签到 {code}，按规则每人只签一次。无需再点。',
    'too-late': '没有签到：{code} 已于 {at} 结束，按规则结束后不再补签，您在未签到名单中。请找{name}当面补交底后再上岗。',
    'leads-only': '没有操作：按规则 {code} 只由召集人{name}或现任班组长操作。如有疑问请直接联系{name}。',
    'closed-already': '没有操作：{code} 已于 {at} 结束，按规则结束后名单不再更改。如要重新交底，请发送“班前会 内容”。',
  },
  history: {
    gathered: '{by}发起班前会：{topic}',
    signed: '签到',
    unreached: '签到卡片无法送达{person}',
    closed: '结束签到，未签到：{missing}',
    ended: '到时自动结束，未签到：{missing}',
  } satisfies Readonly<Record<ToolboxEvent['type'], string>>,
  itself: ['unreached'],
} as const
