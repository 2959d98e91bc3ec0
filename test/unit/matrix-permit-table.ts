/**
 * Who may do what to a permit of level-1 hot work in the area of the area owner, as `matrix-table.ts` says it. The unit is the area owner, the reviewer any safety
 * officer, the approver the safety director, and the shift leader of the area checks the ticket; the statutory order is in the tests of signatures.
 */
export const permitMatrix = `
                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
permit.apply               Y      Y     Y    Y     Y     Y      Y    Y        Y      Y         Y  Y       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:Y | 申请…作业
permit.fill                -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:- hand:- attendant:- shiftLeader:- | 保存
permit.submit              -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:- hand:- attendant:- shiftLeader:- | 提交申请
permit.cancel              -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:- attendant:- shiftLeader:- | 取消此票
permit.confirmJsa          -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 确认分析
permit.confirmMeasure      -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 已落实
permit.addIsolation        -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 加隔离点
permit.photographIsolation -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 拍隔离照片
permit.addIsolationPhoto   -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 发送照片
permit.tryIsolation        -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 试启动无误
permit.brief               -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 已交底
permit.receiveBriefing     -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:Y attendant:Y shiftLeader:- | 已接受交底
permit.showCode            -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:- | 出示作业点码
permit.sign leader         -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 签字
permit.sign unit           -      -     -    -     Y     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:- | 签字
permit.sign review         -      -     -    -     -     Y      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:- | 签字
permit.sign approve        -      -     -    -     -     -      -    -        Y      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:- | 签字
permit.sign check          -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:Y | 签字
permit.sign acceptance     -      -     -    -     Y     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:- | 签字
permit.sendBack            -      -     -    -     -     -      -    -        Y      -         -  -       -     -        | applicant:- leader:- hand:- attendant:- shiftLeader:- | 退回
permit.recordGas           -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:Y shiftLeader:- | 记录气体
permit.declare             -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 声明已做到
permit.checkIn             -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:Y shiftLeader:- | 到岗
permit.answerPulse         -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:- hand:- attendant:Y shiftLeader:- | 我在岗
permit.start               -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 开始作业
permit.pause               -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:Y shiftLeader:- | 暂停
permit.stopWork            Y      Y     Y    Y     Y     Y      Y    Y        Y      Y         Y  Y       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:Y | 停止作业
permit.reportChange        Y      Y     Y    Y     Y     Y      Y    Y        Y      Y         Y  Y       -     -        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:Y | 条件变化
permit.resume              -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:- shiftLeader:- | 恢复作业
permit.complete            -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:- leader:Y hand:- attendant:Y shiftLeader:- | 完工
permit.reissue             -      -     -    -     -     -      -    -        -      -         -  -       -     -        | applicant:Y leader:Y hand:- attendant:- shiftLeader:- | 重新开票
permit.revoke              -      -     -    -     -     Y      -    -        Y      -         -  -       -     -        | applicant:- leader:- hand:- attendant:Y shiftLeader:- | 收回作业票

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
pin.ask                    Y      Y     Y    Y     Y     Y      Y    Y        Y      Y         Y  Y       Y     -        | owner:Y | 设置签名口令
pin.setPin                 -      -     -    -     -     -      -    -        -      -         -  -       -     -        | owner:Y | 设置

                           worker mason lead other area officer head director safety principal hr auditor admin stranger  | parties | 操作
halt.halt                  Y      Y     Y    Y     Y     Y      Y    Y        Y      Y         Y  Y       Y     Y        | applicant:Y leader:Y hand:Y attendant:Y shiftLeader:Y | 停止作业
`

/** Separation of duties in permits: applicant, crew and attendant sign nothing above the job, whatever roles they hold; administrators act in none. */
const above = ['permit.sign review', 'permit.sign approve', 'permit.sign check', 'permit.sendBack'] as const
export const permitApart: Readonly<Record<string, { readonly says: string; readonly rows: readonly string[] }>> = {
  applicant: { says: '申请人不能审核、审批自己申请的作业票', rows: above },
  leader: { says: '作业负责人不能审核、审批自己的作业', rows: above },
  hand: { says: '作业人员不能审核、审批自己的作业', rows: above },
  attendant: { says: '监护人不能审核、审批自己监护的作业', rows: above },
}
export const permitsWithoutAdministrators: readonly string[] = [
  ...above,
  'permit.apply',
  'permit.stopWork',
  'permit.reportChange',
  'permit.revoke',
]
