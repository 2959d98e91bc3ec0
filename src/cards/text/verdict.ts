import type { VerdictEvent } from '../../workflows/verdict/verdict.ts'

const history: Readonly<Record<VerdictEvent['type'], string>> = {
  asked: '下发验收任务',
  shown: '照片已更新',
  passed: '判定通过',
  vetoed: '判定退回：{reason}',
  declared: '申明有利害关系',
  expired: '超过时限，改由他人验收',
  unreached: '无法通知验收人，改由他人验收',
  withdrawn: '任务已取消',
}

/** Every word that verifiers read. None of it names a person, a team, a place or the code of the case. */
export const verdictText = {
  titles: { A: '验收任务 A', B: '验收任务 B' },
  status: {
    asked: '待验收',
    passed: '您已判定通过',
    vetoed: '您已退回整改',
    declared: '您已申明有利害关系',
    expired: '已超时，改由他人验收',
    unreached: '未能送达，改由他人验收',
    withdrawn: '无需验收，任务已取消',
  },
  facts: {
    status: '状态',
    colour: '等级',
    areaKind: '区域类型',
    due: '截止',
    evidence: '证据',
    checks: '请核对',
    reason: '退回原因',
  },
  /** What a person must look at, in the pictures after the repair (section 2.6); `scene` is a share in percent, the others count pictures. Short: some cards hold little. */
  checks: {
    outside: '{value} 张不在隐患区域内',
    'time-before': '{value} 张拍于整改开始前',
    'time-ahead': '{value} 张拍摄时间晚于收到',
    alike: '{value} 张与其他隐患照片相似',
    scene: '与整改前相似 {value}%（不足 85%）',
    'no-scene': '无法比对是否同一位置',
    many: '{value} 张未与全部历史照片比对',
    blank: '{value} 张画面无法比对',
    'no-place': '{value} 张无定位',
    'no-fence': '{value} 张所在区域未测定',
    'no-time': '{value} 张无拍摄时间',
  },
  stages: { before: '整改前', during: '整改中', after: '整改后' },
  form: { reason: '退回原因（退回时必填）' },
  actions: { pass: '验收通过', veto: '退回整改', declare: '有利害关系' },
  confirm: { declare: { title: '确认回避？', text: '系统将另行抽取验收人，无需说明理由。' } },
  acts: {},
  roles: {},
  notes: {
    asked: '盲评：人员与位置已隐去，请只凭照片和文字判断',
    pending: '照片处理中，稍后更新',
    noProof: '没有可看的整改后照片，请退回整改',
  },
  noWords: '（没有文字说明）',
  page: '查看照片',
  say: {
    passed: '已记录：验收通过',
    vetoed: '已记录：退回整改',
    declared: '已记录，系统将另行抽取验收人',
    'veto-reason': '请直接回复一句话说明退回原因（请勿写姓名）',
  },
  notices: {},
  refusals: {
    'no-such-case': '没有找到这个验收任务，可能已经取消。请以最新的任务卡片为准。',
    'shown-already': '没有更新：验收照片已是最新，按验收规则 2.7 同一照片只更新一次。无需更新。',
    'asked-already': '没有重复下发：这个验收任务已经下发，按验收规则 2.7 每人只下发一次。无需重复。',
    'link-first':
      '这个账号还没有关联到人员档案，没有验收：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
    'not-the-verifier': '这个验收任务不是您的（验收规则 2.7：由系统抽取，不得代办）。请忽略此卡片。',
    'verdict-over': '这个验收任务已经结束或改由他人验收（验收规则 2.7），您的操作没有生效，无需再处理。',
    'pictures-coming': '整改后的照片还在处理，看到照片后才能判定通过（证据规则 2.6）。请稍后再按一次。',
    'no-proof': '没有可看的整改后照片，不能判定通过（证据规则 2.6）。请点“退回整改”并说明原因。',
  },
  history,
  itself: ['asked', 'shown', 'expired', 'unreached', 'withdrawn'],
} as const
