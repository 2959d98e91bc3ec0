import type { HazardEvent } from '../../workflows/hazard/hazard.ts'
import type { LinkEvent } from '../../workflows/link/link.ts'
import { governText } from './hazard-govern.ts'

const hazard: Readonly<Record<HazardEvent['type'], string>> = {
  reported: '上报隐患',
  added: '补充上报内容',
  alarmed: '同一设备再次告警，第 {count} 次',
  called: '通知{role}：{persons}',
  triaged: '分级指派：{colour}，{area}，责任人{owner}，期限 {dueAt}',
  accepted: '接单',
  rejected: '判定不是隐患，已答复上报人',
  rectificationStarted: '开始整改',
  evidenceAdded: '发送整改照片 {files} 份',
  submitted: '提交整改，等待验收',
  verifierDrawn: '抽取验收人（不显示姓名）',
  verifierMissing: '没有可抽取的验收人，已通知系统管理员',
  verifiersDrawn: '抽取验收人 {seats}（{blindness}）',
  verdictGiven: '验收人 {seat} 判定{outcome}',
  verifierReleased: '验收人 {seat} 更换',
  seatVacant: '验收人 {seat} 暂无可抽取人选，已通知系统管理员',
  blindStored: '盲评照片已生成',
  blindRefused: '一张照片未能生成盲评副本，不供验收人查看',
  fileKept: '检测报告已存证',
  collecting: '准备发送{stage}证据',
  signed: '签认：{words}（{item}）',
  vetoed: '退回整改：{reason}',
  closed: '验收通过，隐患关闭',
  reopened: '重新打开：{reason}',
  overdueCalled: '整改超期，第 {count} 次催办',
  overdueCarded: '整改超期，提请开具{card}：{persons}',
  reachCalled: '红色隐患通知{role}：{persons}',
  reached: '{person}已知悉',
  informed: '通报：{persons}',
  reporterAnswered: '向上报人答复进展，第 {count} 次',
  planned: '列入本周滚动整改计划',
  photoStored: '照片已存证',
  photoRefused: '照片未能存证：{because}',
  unreachable: '无法通知{person}（{duty}）',
  ...governText.history,
}

const link: Readonly<Record<LinkEvent['type'], string>> = {
  requested: '请求关联身份',
  codeIssued: '获取关联码',
  claimed: '{person}输入关联码',
  linked: '关联到{person}（{proof}）',
  denied: '拒绝关联',
  released: '解除关联',
  notMatched: '未能自动匹配人员：{because}',
  reminded: '第 {count} 次提醒系统管理员',
}

/**
 * What the history of a case says, one sentence for each kind of event, and the words that fill its gaps. A workflow that brings sentences of its own
 * (`history` among its words) needs none here.
 */
export const timelineText = {
  events: { hazard, link } as Readonly<Record<string, Readonly<Record<string, string>>>>,
  /** An event that a newer release wrote. */
  unknown: '有一条本版本无法显示的记录',
  nobody: '（无人或无法联系）',
  actors: { clock: '到期自动', system: '系统', stranger: '未关联账号' },
  because: {
    'not-an-image': '文件不是图片',
    'not-a-photo': '语音或视频，原件已存',
    corrupt: '文件损坏',
    'too-many-pixels': '像素过大，原件已存',
    heic: 'HEIC 格式暂不能显示，原件已存',
    'too-large': '超过 20 MB',
    'unsupported-format': '格式不能显示，原件已存',
    unavailable: '平台没有给出文件',
    nobody: '没有找到',
    several: '不止一人',
    inactive: '已离职',
  },
  card: { yellow: '黄牌', red: '红牌' },
  blindness: { double: '双盲', single: '单盲' },
  outcome: { passed: '通过', vetoed: '退回' },
  signature: { signature: '责任人', areaSignature: '区域负责人' },
  tapped: '点击提交即签认',
  proof: { directory: '通讯录匹配', code: '关联码', administrator: '系统管理员指定' },
  duty: {
    ...governText.duty,
    triage: '处理隐患',
    accept: '接单',
    rectify: '整改',
    overdue: '超期催办',
    start: '开始整改',
    reach: '知悉红色隐患',
    verify: '验收',
    answer: '答复',
    link: '关联身份',
    assign: '指定人员',
    confirm: '确认关联',
    confirmRepair: '确认整改',
  },
} as const
