import type { HazardEvent } from '../../workflows/hazard/hazard.ts'
import type { LinkEvent } from '../../workflows/link/link.ts'

const hazard: Readonly<Record<HazardEvent['type'], string>> = {
  reported: '上报隐患',
  added: '补充上报内容',
  called: '通知{role}：{persons}',
  triaged: '分级指派：{colour}，{area}，责任人{owner}，期限 {dueAt}',
  accepted: '接单',
  rejected: '判定不是隐患，已答复上报人',
  rectificationStarted: '开始整改',
  evidenceAdded: '发送整改照片 {files} 份',
  submitted: '提交整改，等待验收',
  verifierDrawn: '抽取验收人：{verifier}',
  verifierMissing: '没有可抽取的验收人，已通知系统管理员',
  vetoed: '退回整改：{reason}',
  closed: '验收通过，隐患关闭',
  reopened: '重新打开：{reason}',
  overdueCalled: '整改超期，第 {count} 次催办',
  photoStored: '照片已存证',
  photoRefused: '照片未能存证：{because}',
  unreachable: '无法通知{person}（{duty}）',
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

/** What the history of a case says, one sentence for each kind of event, and the words that fill its gaps. */
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
  proof: { directory: '通讯录匹配', code: '关联码', administrator: '系统管理员指定' },
  duty: {
    triage: '处理隐患',
    accept: '接单',
    rectify: '整改',
    overdue: '超期催办',
    verify: '验收',
    answer: '答复',
    link: '关联身份',
    assign: '指定人员',
    confirm: '确认关联',
  },
} as const
