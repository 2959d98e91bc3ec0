import { permitApart, permitMatrix, permitsWithoutAdministrators } from './matrix-permit-table.ts'

/**
 * Who may do what: one row for each command that a person can send, in a state in which somebody may send it; one column for each kind of person; then the people of
 * the case by their part in it; then what the button says. Y: may. -: is refused, and nothing changes. Times and orders are in the tables of each workflow.
 *
 * worker 员工 · mason 承包商员工 · lead 本班组班组长 · other 其他班组班组长 · area 区域负责人 · officer 安全员 · head 部门负责人 · director 生产总监 ·
 * safety 安全总监 · principal 主要负责人 · hr 人力资源负责人 · auditor 审计/监管 · admin 系统管理员 · stranger 未关联账号
 *
 * Anybody may pull the cord: reporting is open to all, auditors and unlinked accounts too. An administrator does what anybody does and links accounts; nothing else.
 */
export const matrix = `
                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
hazard.report              Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     Y        | reporter:Y owner:Y | 上报隐患
hazard.addToReport         -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:Y owner:- | 补充上报
hazard.triage              -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 转派
hazard.accept              -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 接单
hazard.reject              -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 不是隐患
hazard.merge               -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 并入其他隐患
hazard.acknowledge         -      -     -    -     Y    -       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 已知悉
hazard.explain             -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:- | 补充原因
hazard.regrade             -      -     -    -     -    Y       -    -        Y      Y         -  -       -     -        | reporter:- owner:- | 重新定级
hazard.startRectify        -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 上传整改照片
hazard.showDuring          -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 上传整改中照片
hazard.showReport          -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 上传检测报告
hazard.addEvidence         -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 发送整改照片
hazard.submit              -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 提交整改
hazard.sign                -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 签认整改
hazard.confirmRepair       -      -     -    -     Y    -       Y    -        -      -         -  -       -     -        | reporter:- owner:- | 确认整改
hazard.pass                -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:- | 验收通过
hazard.veto                -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:- | 退回整改
hazard.reopen              -      -     -    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:Y owner:- | 仍未解决
hazard.proposePlan         -      -     -    -     Y    Y       -    -        Y      -         -  -       -     -        | reporter:- owner:Y | 提交治理方案
hazard.approve plan        -      -     -    -     -    -       -    -        -      Y         -  -       -     -        | reporter:- owner:- | 批准
hazard.approve extension   -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | reporter:- owner:- | 批准
hazard.approve deferral    -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | reporter:- owner:- | 批准
hazard.approve closing     -      -     -    -     -    -       -    -        -      Y         -  -       -     -        | reporter:- owner:- | 批准
hazard.sendBack plan       -      -     -    -     -    -       -    -        -      Y         -  -       -     -        | reporter:- owner:- | 不同意
hazard.sendBack extension  -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | reporter:- owner:- | 不同意
hazard.sendBack closing    -      -     -    -     -    -       -    -        -      Y         -  -       -     -        | reporter:- owner:- | 不同意
hazard.extend              -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 申请延期
hazard.defer               -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 申请缓办
hazard.resume              -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:Y | 恢复整改
hazard.handOver            -      -     -    -     Y    -       Y    -        -      -         -  -       -     -        | reporter:- owner:- | 移交
hazard.takeOver            -      -     -    -     -    -       -    -        -      -         -  -       -     -        | reporter:- owner:- successor:Y | 接单

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
verdict.pass               -      -     -    -     -    -       -    -        -      -         -  -       -     -        | owner:- reporter:- verifier:Y otherVerifier:- | 验收通过
verdict.veto               -      -     -    -     -    -       -    -        -      -         -  -       -     -        | owner:- reporter:- verifier:Y otherVerifier:- | 退回整改
verdict.declare            -      -     -    -     -    -       -    -        -      -         -  -       -     -        | owner:- reporter:- verifier:Y otherVerifier:- | 有利害关系

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
toolbox.gather             -      -     Y    Y     -    -       -    -        -      -         -  -       -     -        | opener:Y member:- | 发起班前会
toolbox.sign               -      -     -    -     Y    -       -    -        -      -         -  -       -     -        | opener:- member:Y | 签到
toolbox.review             -      -     -    -     -    -       -    -        -      -         -  -       -     -        | opener:Y member:- | 刷新名单
toolbox.close              -      -     -    -     -    -       -    -        -      -         -  -       -     -        | opener:Y member:- | 结束签到

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
handover.start             -      -     Y    Y     -    -       -    -        -      -         -  -       -     -        | outgoing:Y incoming:Y member:- | 发起交接班
handover.confirm           -      -     -    -     -    -       -    -        -      -         -  -       -     -        | outgoing:Y incoming:- member:- | 确认无误
handover.note              -      -     -    -     -    -       -    -        -      -         -  -       -     -        | outgoing:Y incoming:- member:- | 有情况
handover.offer             -      -     -    -     -    -       -    -        -      -         -  -       -     -        | outgoing:Y incoming:- member:- | 签字交班
handover.sign              -      -     Y    -     -    -       -    -        -      -         -  -       -     -        | outgoing:- incoming:Y member:- | 签字接班
handover.disagree          -      -     Y    -     -    -       -    -        -      -         -  -       -     -        | outgoing:- incoming:Y member:- | 有异议
handover.cancel            -      -     -    -     -    -       -    -        -      -         -  -       -     -        | outgoing:Y incoming:- member:- | 作废

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
penalty.propose            -      -     -    -     -    Y       -    -        Y      -         -  -       -     -        | holder:- proposer:Y issuer:- | 提议发牌
penalty.confirm yellow     -      -     -    -     -    -       Y    -        Y      Y         -  -       -     -        | holder:- proposer:- issuer:Y | 确认发牌
penalty.confirm red        -      -     -    -     -    -       -    Y        Y      Y         -  -       -     -        | holder:- proposer:- issuer:Y | 确认发牌
penalty.decline yellow     -      -     -    -     -    -       Y    -        Y      Y         -  -       -     -        | holder:- proposer:- issuer:Y | 不同意
penalty.decline red        -      -     -    -     -    -       -    Y        Y      Y         -  -       -     -        | holder:- proposer:- issuer:Y | 不同意
penalty.appeal             -      -     -    -     -    -       -    -        -      -         -  -       -     -        | holder:Y proposer:- issuer:- | 申诉
penalty.uphold yellow      -      -     -    -     -    -       -    Y        Y      Y         -  -       -     -        | holder:- proposer:- issuer:- | 维持原牌
penalty.overturn yellow    -      -     -    -     -    -       -    Y        Y      Y         -  -       -     -        | holder:- proposer:- issuer:- | 撤销此牌
penalty.uphold red         -      -     -    -     -    -       -    -        Y      Y         -  -       -     -        | holder:- proposer:- issuer:- | 维持原牌
penalty.overturn red       -      -     -    -     -    -       -    -        Y      Y         -  -       -     -        | holder:- proposer:- issuer:- | 撤销此牌
penalty.confirmFreeze      -      -     -    -     -    -       -    -        -      Y         Y  -       -     -        | holder:- | 确认冻结
penalty.declineFreeze      -      -     -    -     -    -       -    -        -      Y         Y  -       -     -        | holder:- | 不冻结
penalty.noteTalk           -      -     -    -     -    -       Y    Y        Y      Y         -  -       -     -        | holder:- | 记录约谈
penalty.noteTraining       -      -     -    -     -    Y       -    -        Y      Y         -  -       -     -        | holder:- | 记录复训

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
contractor.review          -      -     -    -     -    -       -    -        Y      Y         -  -       -     -        | member:- captain:- | 解除暂停

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
suggestion.propose         Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     Y        | proposer:Y implementer:Y | 提出建议
suggestion.endorse         -      -     Y    -     -    -       -    -        -      -         -  -       -     -        | proposer:- implementer:- | 上报审批
suggestion.approve         -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | proposer:- implementer:- | 采纳
suggestion.decline         -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | proposer:- implementer:- | 不采纳
suggestion.reassign        -      -     -    -     -    -       Y    Y        -      Y         -  -       -     -        | proposer:- implementer:- | 更换实施人
suggestion.finish          -      -     -    -     -    -       -    -        -      -         -  -       -     -        | proposer:- implementer:Y | 已实施

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
near-miss.report           Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     Y        | reporter:Y | 上报未遂
near-miss.reportAnonymously Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     Y        | reporter:Y | 匿名上报未遂
near-miss.askReceipt       Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     Y        | reporter:Y | 凭回执查询
near-miss.reply            -      -     Y    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- | 答复
near-miss.convert          -      -     -    -     -    Y       -    -        Y      -         -  -       -     -        | reporter:- | 转为隐患

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
portrait.ask               Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     -        | asker:Y | 我的安全画像
${permitMatrix.trimEnd()}
                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
link.request               -      -     -    -     -    -       -    -        -      -         -  -       -     Y        | newcomer:Y claimant:- | 申请关联
link.issueCode             -      -     -    -     -    -       -    -        -      -         -  -       -     -        | newcomer:Y claimant:- | 获取关联码
link.claim                 Y      Y     Y    Y     Y    Y       Y    Y        Y      Y         Y  Y       Y     -        | newcomer:- claimant:Y | 出示关联码
link.confirm               -      -     -    -     -    -       -    -        -      -         -  -       -     -        | newcomer:- claimant:Y | 是我本人
link.deny                  -      -     -    -     -    -       -    -        -      -         -  -       Y     -        | newcomer:- claimant:- | 不是我
link.assign                -      -     -    -     -    -       -    -        -      -         -  -       Y     -        | newcomer:- claimant:- | 指定人员
`

/** Rows of which nobody may send the command any more, and why it is still there. */
export const nobody: Readonly<Record<string, string>> = {
  'hazard.pass': 'verdicts are given on the verifier’s own task; the button stands on cards of the first release',
  'hazard.veto': 'as above',
}

/**
 * Separation of duties: who may not, although they hold every role there is. A part in the case (or `admin`, the administrator), and the rows that stay closed to it
 * while a holder of the role without that part may.
 */
export const apart: Readonly<Record<string, { readonly says: string; readonly rows: readonly string[] }>> = {
  owner: {
    says: '责任人不能验收、降级、确认或审批自己的整改（隐患分级治理规则 2.2）',
    rows: [
      'verdict.pass',
      'verdict.veto',
      'hazard.confirmRepair',
      'hazard.regrade',
      'hazard.approve plan',
      'hazard.approve extension',
      'hazard.approve deferral',
      'hazard.approve closing',
      'hazard.sendBack plan',
      'hazard.sendBack extension',
      'hazard.sendBack closing',
    ],
  },
  otherVerifier: { says: '一名验收人不能替另一名验收', rows: ['verdict.pass', 'verdict.veto', 'verdict.declare'] },
  proposer: {
    says: '提议人不能确认或复核自己提议的牌；不能审批自己的建议',
    rows: [
      'penalty.confirm yellow',
      'penalty.confirm red',
      'penalty.decline yellow',
      'penalty.decline red',
      'penalty.uphold yellow',
      'penalty.uphold red',
      'penalty.overturn yellow',
      'penalty.overturn red',
      'suggestion.approve',
      'suggestion.decline',
      'suggestion.reassign',
    ],
  },
  issuer: {
    says: '签发人不能复核申诉',
    rows: ['penalty.uphold yellow', 'penalty.uphold red', 'penalty.overturn yellow', 'penalty.overturn red'],
  },
  holder: {
    says: '当事人不能决定自己的牌',
    rows: [
      'penalty.propose',
      'penalty.confirm yellow',
      'penalty.confirm red',
      'penalty.decline yellow',
      'penalty.decline red',
      'penalty.uphold yellow',
      'penalty.uphold red',
      'penalty.overturn yellow',
      'penalty.overturn red',
      'penalty.confirmFreeze',
      'penalty.declineFreeze',
      'penalty.noteTalk',
      'penalty.noteTraining',
    ],
  },
  ...permitApart,
  captain: { says: '承包商的人不能解除本单位的暂停', rows: ['contractor.review'] },
  outgoing: { says: '交班人不能替接班人签字', rows: ['handover.sign', 'handover.disagree'] },
  reporter: { says: '上报人不能答复自己的未遂事件', rows: ['near-miss.reply'] },
  admin: {
    says: '系统管理员不能决定红黄牌和承包商的暂停，不能验收，不能参与作业票',
    rows: [
      'penalty.propose',
      'penalty.confirm yellow',
      'penalty.confirm red',
      'penalty.decline yellow',
      'penalty.decline red',
      'penalty.uphold yellow',
      'penalty.uphold red',
      'penalty.overturn yellow',
      'penalty.overturn red',
      'penalty.confirmFreeze',
      'penalty.declineFreeze',
      'penalty.noteTalk',
      'penalty.noteTraining',
      'contractor.review',
      'verdict.pass',
      'verdict.veto',
      ...permitsWithoutAdministrators,
    ],
  },
}
