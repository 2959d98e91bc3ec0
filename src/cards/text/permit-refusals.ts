/**
 * Refusals of special-work permits: what happened, under which rule, what to do next. `{rule}` is filled with the clause that the refusal rests on, as the standard
 * is quoted, or with the rules of the product where no clause does.
 */

/** Short words for each condition of the start gate that does not hold; also what a card and a stop say. */
export const gateWords: Readonly<Record<string, string>> = {
  'no-rules': '没有适用的规则包',
  over: '票证已于 {to} 到期',
  'not-yet': '未到开始时间 {from}',
  'jsa-open': '作业危害分析未确认',
  'measures-open': '还有 {count} 条安全措施未确认，如“{line}”',
  'isolation-open': '隔离点“{point}”未拍照或未试启动',
  'briefing-open': '安全交底未完成 {names}',
  'signature-open': '“{node}”未签字',
  'gas-facts': '气体检测所需信息未填：{about}',
  'gas-not-sampled': '{about}还没有{kind}检测值',
  'gas-failed': '气体检测不合格（{about}）',
  'gas-stale': '气体检测已超时（{about}采样）',
  'gas-after-break': '中断后未重新检测气体（{about}采样）',
  'gas-after-alarm': '气体报警（{at}）之后还没有合格的重新检测',
  'gas-daily': '当天未重新检测气体（{about}采样）',
  'gas-log-overdue': '气体检测值未按时记录（{about}采样）',
  'gas-calibration': '检测仪不在校准有效期内（{about}）',
  'gas-not-judged': '检测值无法判定（{about}）',
  'gas-from-the-future': '采样时间晚于现在（{about}）',
  'attendant-absent': '监护人不在岗',
  conflict: '与 {other}（负责人{leader}）冲突',
  'conflict-unknown': '周边作业无法判定',
  'weather-stop': '{stop}（现为 {force} 级）',
  'weather-unknown': '没有一小时内的气象观测',
  'need-open': '尚未声明：{need}',
}

/** What to do about each. */
const gateSteps: Readonly<Record<string, string>> = {
  'no-rules': '请联系系统管理员核对现场的企业类型与规则包。',
  over: '作业票不能延期，请点“重新开票”。',
  'not-yet': '请到时间再开始。',
  'jsa-open': '请先由作业负责人确认分析。',
  'measures-open': '请逐条确认后再开始。',
  'isolation-open': '请上锁挂牌、拍照并试启动。',
  'briefing-open': '请未确认的人在自己的手机上确认交底。',
  'signature-open': '请等待签字，超时会自动催办。',
  'gas-facts': '请重新开票并补全这些问题。',
  'gas-not-sampled': '请采样并点“记录气体”。',
  'gas-failed': '请通风置换后重新采样。',
  'gas-stale': '请重新采样并点“记录气体”。',
  'gas-after-break': '请重新采样并点“记录气体”。',
  'gas-after-alarm': '请先查明原因，重新采样合格并点“记录气体”。',
  'gas-daily': '请重新采样并点“记录气体”。',
  'gas-log-overdue': '请立即采样并点“记录气体”。',
  'gas-calibration': '请换用在校准期内的仪器重新检测。',
  'gas-not-judged': '请核对介质与单位后重新检测。',
  'gas-from-the-future': '请核对采样时间后重新记录。',
  'attendant-absent': '请监护人到作业点点“到岗”。',
  conflict: '请与对方负责人协调，对方完工后再开始。',
  'conflict-unknown': '请补全作业点位置，或请安全员核对周边作业。',
  'weather-stop': '请等待天气好转。',
  'weather-unknown': '请联系系统管理员核对气象数据来源。',
  'need-open': '请作业负责人确认后点“声明”。',
}

/** Why a certificate does not count. */
export const certificateWords: Readonly<Record<string, string>> = {
  suspended: '{name}的“{held}”已被暂停或撤销',
  unreadable: '{name}的“{held}”日期无法识别',
  unfit: '{name}体检结论不适合“{held}”',
  expired: '{name}的“{held}”已于 {date} 到期',
  reviewMissed: '{name}的“{held}”应于 {date} 前复审，未见记录',
  offTrade: '{name}离开“{held}”岗位已满六个月（自 {date}）',
  fitnessUnknown: '{name}的“{held}”没有在有效期内的体检记录',
  notYetValid: '{name}的“{held}”自 {date} 起才有效',
  otherTrade: '{name}持“{held}”，不能代替“{wanted}”',
  none: '没有登记{name}的“{wanted}”',
}

const mapped = (
  prefix: string,
  words: Readonly<Record<string, string>>,
  say: (words: string, key: string) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(words).map(([key, text]) => [`${prefix}-${key}`, say(text, key)]))

const certificateStep = '请更换人员，或请管理员导入最新证书台账。'

/** Why a gas value was not taken. */
const gasWords: Readonly<Record<string, string>> = {
  noValue: '没有检测值',
  implausible: '检测值不可信',
  unknownSubstance: '不认识介质“{substance}”',
  otherKind: '“{substance}”与所选检测项目不符',
  noLel: '“{substance}”没有爆炸下限，不能按可燃气体检测',
  noUnit: '“{substance}”的这个单位无法换算',
  noExposureLimit: '“{substance}”没有可用的接触限值',
  missingFacts: '作业票缺少判定“{substance}”所需的信息',
}

export const permitRefusals: Readonly<Record<string, string>> = {
  ...mapped('gate', gateWords, (words, key) => `没有开始：{code} ${words}。按 {rule}。${gateSteps[key] ?? ''}`),
  ...mapped('gate-certificate', certificateWords, (words) => `没有开始：{code} ${words}。按 {rule}。${certificateStep}`),
  ...mapped('certificate', certificateWords, (words) => `没有提交：{code} ${words}。按 {rule}。${certificateStep}`),
  ...mapped('gas', gasWords, (words) => `没有记录：{code} ${words}，无法判定。按 {rule}。请核对介质、数值和单位后重新记录。`),
  'no-such-case': '没有找到这张作业票。请核对编号。',
  'no-such-work':
    '没有开票：不是八大特殊作业之一。请发送“申请动火作业”，或受限空间、盲板抽堵、高处、吊装、临时用电、动土、断路。',
  'nothing-like-it': '没有开票：没有找到您以前与“{words}”相同的作业票。请发送“申请动火作业：地点和内容”重新填写。',
  'opened-already': '没有重复开票：这张票已登记为 {code}，{rule}一票一编号。请打开 {code} 继续。',
  'link-first':
    '这个账号还没有关联到人员档案，没有操作：按账号关联规则，关联后才能操作。请先关联您的身份：点卡片上的“获取关联码”，或直接发一句话，按回复的卡片关联；也可联系系统管理员。',
  'administrators-do-not-act':
    '没有操作：系统管理员不参与任何作业票，也不能是作业人员（{rule}“职责分离”）{code}。请由不是系统管理员的人办理。',
  'not-in-this-state': '没有操作：{code} 现在是“{status}”，这一步不适用（{rule}）。请看最新卡片。',
  'applicant-only': '没有操作：{code} 只能由申请人或作业负责人这样操作（{rule}）。请转告他们。',
  'leader-only': '没有操作：{code} 这一步只由作业负责人本人办理（{rule}）。请转告作业负责人。',
  'crew-only': '没有操作：{code} 这一步由本作业的人员本人办理（{rule}）。请转告他们；发现危险可点“停止作业”。',
  'attendants-only': '没有操作：{code} 只有票上的监护人可以到岗和答复（{rule}）。请转告监护人。',
  'no-rules': '没有提交：{code} 的作业在现场的企业类型下没有适用的标准，{rule}不放行。请联系安全员或系统管理员核对。',
  'not-understood': '没有保存：{code} 有内容无法识别：{words}（{rule}：不猜测）。请改正后再保存；姓名重名时可改用工号。',
  incomplete: '没有提交：{code} 还缺 {fields}（{rule}）。请补全并保存后再提交。',
  unanswered: '没有提交：{code} 定级所需的问题还没有回答：{questions}（{rule}：不得缺项定级）。请回答并保存后再提交。',
  'no-ticket': '没有提交：{code} {reason}，不需要作业票。按 {rule}。请仍做作业危害分析，可点“取消”关闭此票。',
  'no-special-work': '没有提交：{code} 按所填内容不属于“{work}”（{rule}）。请核对答案，或点“取消”。',
  'not-here': '没有提交：{code} 的{name}已不在岗（{rule}：只能由在册人员作业）。请更换人员。',
  'attendant-only-watches': '没有提交：{code} 的监护人{name}同时是申请人或作业人员。按 {rule}。请另指定监护人。',
  'begins-in-the-past': '没有提交：{code} 的开始时间已过（{rule}：不补办）。请修改开始时间后再提交。',
  'too-far-ahead': '没有提交：{code} 的开始时间在 30 天以后（{rule}）。请临近作业时再申请。',
  'too-long': '没有提交：{code} {level}最长 {hours} 小时。按 {rule}。请缩短时间，到期重新开票。',
  'wind-forbids': '没有提交：{code} 现场风力 {found} 级，禁止露天作业。按 {rule}。请等风力下降后再提交。',
  'cannot-tell-upgrade': '没有提交：{code} 缺少判定升级管理的信息：{missing}（{rule}：不明即不放行）。请补全，或等气象数据恢复。',
  'cannot-judge-place':
    '没有提交：{code} 周边作业太多或位置不明，无法判定冲突（{rule}：不明即不放行）。请补全经纬度，或请安全员核对。',
  'coordinator-wanted': '没有提交：{code} 与 {others} 交叉作业，须指定协调人。按 {rule}。请填写“交叉作业协调人”后再提交。',
  'always-involved': '没有确认：{code} “{line}”必须落实，不能选“不涉及”。按 {rule}。请落实后点“已落实”。',
  'number-wanted': '没有确认：{code} “{line}”须填写{asks}。按 {rule}。请打开页面填写数字后再确认。',
  'no-such-line': '没有操作：{code} 没有这一项，或已经处理过（{rule}）。请看最新卡片。',
  'no-isolation-open':
    '没有收下照片：{code} 的隔离点都已有照片（{rule}）。要更换某个隔离点的照片，请先在卡片上点该点的“拍隔离照片”。',
  'photo-only': '没有收下：{code} 的隔离点要有照片（{rule}）。请拍下上锁挂牌的照片发来。',
  'file-known': '没有重复登记：{code} 的这张照片已处理过（{rule}）。无需再发。',
  'no-paper': '没有生成：{code} 还没有提交，尚无票面（{rule}）。请先提交申请。',
  'isolation-photo-first': '没有记录：{code} 隔离点“{point}”还没有上锁挂牌的照片。按 {rule}。请先拍照。',
  'briefed-already': '没有重复交底：{code} 已经交底（{rule}）。请等被交底人确认。',
  'not-briefed-yet': '没有确认：{code} 作业负责人还没有交底（{rule}）。请先听取交底。',
  'not-asked': '没有操作：{code} 不需要您确认交底，或您已经确认（{rule}）。无需再点。',
  'nothing-to-sign': '没有签字：{code} 现在没有轮到您签的项（{rule}：按顺序由本人签）。请看卡片上正在等谁。',
  'applicant-signs-not': '没有签字：您是 {code} 的申请人，不能签“{node}”（{rule}“职责分离”）。请由该岗位的另一人签。',
  'worker-signs-not': '没有签字：您是 {code} 的作业人员，不能签“{node}”（{rule}“职责分离”）。请由该岗位的另一人签。',
  'attendant-signs-not': '没有签字：您是 {code} 的监护人，不能签“{node}”（{rule}“职责分离”）。请由该岗位的另一人签。',
  'signed-already': '没有签字：您已在 {code} 签过另一项，不能再签“{node}”（{rule}“职责分离”）。请由该岗位的另一人签。',
  'too-many-wrong': '没有签字：您在 {code} 连续输错 5 次，本票不再接受您的签字（{rule}）。请由同岗位的另一人签，或联系安全员。',
  'code-wanted': '没有记下：{code} 须输入作业点码，证明您在现场。按 {rule}。请到{place}，请现场人员点“出示作业点码”。',
  'code-wrong': '没有记下：{code} 的作业点码不对或已过期。按 {rule}。请现场人员重新出示。',
  'position-wanted': '没有记下：{code} 须提供您的位置。按 {rule}。请点“查看详情”打开页面，允许定位后再按。',
  'position-old': '没有记下：{code} 的定位已超过 2 分钟。按 {rule}。请重新定位后再按。',
  'position-vague': '没有记下：{code} 的定位精度差于 100 米，不能证明您在现场。按 {rule}。请到开阔处重新定位。',
  'not-at-site': '没有记下：您的位置不在 {code} 的作业点（{place}）50 米内。按 {rule}。请到作业点再按。',
  'no-place': '没有记下：{code} 的作业点没有经纬度，无法核对。按 {rule}。请退回，由申请人补填位置。',
  'no-pin': '没有签字：您还没有签名口令，{rule}要求本人口令签字（{code}）。请发送“设置签名口令”，设好后再签。',
  'pin-locked': '没有签字：您的签名口令因多次输错已暂停使用（{rule}）{code}。请一小时后再试，或发送“重置签名口令”。',
  'pin-wanted': '没有签字：{code} 须输入签名口令（{rule}）。请点“查看详情”打开页面，输入口令后再签。',
  'reason-wanted': '没有操作：{code} 的这一步须写明原因（{rule}）。请点“查看详情”填写原因后再按。',
  'measures-not': '没有记录：{name}不是 {code} 的气体分析人、监护人或作业负责人（{rule}）。请由他们记录。',
  'no-gas-here': '没有记录：{code} 的作业不要求气体检测（{rule}）。无需记录。',
  'gas-incomplete': '没有记录：{code} 还缺 {fields}（{rule}）。请点“查看详情”补全后再记录。',
  'gas-from-the-future': '没有记录：{code} 的采样时间晚于现在（{rule}）。请核对采样时间。',
  'instrument-not-calibrated':
    '没有记录：仪器 {instrument} 的校准已于 {date} 到期（{code}）。按 {rule}。请换用在校准期内的仪器。',
  'reissue-only': '没有恢复：{code} 的作业条件已变化，须重新办理。按 {rule}。请点“重新开票”。',
  'may-not-revoke': '没有收回：{code} 只能由监护人、审批人或安全员收回（{rule}）。如有危险请点“停止作业”。',
  'count-differs': '没有完工：清点与 {code} 不符，应撤出 {people} 人、收回 {tools} 件工具。按 {rule}。请逐一核对后再填。',
  'no-need-to-climb': '没有催办：{code} 现在没有等待签字（{rule}），无需催办。',
}
