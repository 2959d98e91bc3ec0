import type { CertificateEvent } from '../../workflows/certificate/certificate.ts'
import { hazardText } from './hazard.ts'

/** Every word that people read about certificates (证书): reminders, the list of one's own, and what is wrong with a list that was imported. */
export const certificateText = {
  titles: { soon: '证书即将到期', lapsed: '证书已失效', renewed: '证书已更新', mine: '我的证书' },
  facts: { holder: '持证人', team: '班组', count: '证书', invalid: '不能使用' },
  labels: { expiry: '有效期至', review: '应复审' },
  due: {
    soon: '{trade} {on}，剩 {left} 天',
    today: '{trade} {on}，今天是最后一天',
    expiry: '{trade} {on}，已过期',
    review: '{trade} {on}，逾期失效',
  },
  more: '另有 {count} 项，见“我的证书”',
  body: {
    soon: '请在到期前办理换证或复审，办好后交安全员更新台账。逾期未复审的证书失效，持证人不能从事该项作业（GB 30871-2022 4.9）。',
    lapsed: '该证书已失效，从今天起不能从事该项作业（GB 30871-2022 4.9）。请停止安排，并办理换证或复审。',
    renewed: '台账已更新，本次提醒的证书没有待办事项。',
  },
  standing: {
    covered: '有效',
    none: '没有证书',
    otherTrade: '不是该项目',
    notYetValid: '尚未生效',
    expired: '已过期',
    reviewMissed: '逾期未复审，已失效',
    suspended: '已暂停或吊销',
    offTrade: '离岗满6个月，须实操考核',
    unfit: '健康检查结论不适合',
    fitnessUnknown: '没有有效的健康检查结论',
    unreadable: '登记的日期有误',
  },
  line: '{index}. {trade}　{number}\n有效期至 {until}{review}　{standing}',
  reviewPart: '，复审 {on}',
  noneHeld: '没有登记您的证书。持有证书的，请把证书交安全员或人力资源登记；没有登记的证书不能用于作业票。',
  note: '证号已脱敏。信息有误请联系安全员更正。',
  count: '{count} 本',
  summary: '我的证书：{count} 本，其中 {invalid} 本不能使用',
  page: '查看详情',
  actions: {},
  acts: {},
  roles: hazardText.roles,
  say: {},
  notices: {
    'nobody-holds': '【告警】没有可以联系的{role}，证书提醒（{code}）没有安全员接收。请指定{role}并关联其账号。',
  },
  refusals: {
    'no-such-case': '没有找到这份证书提醒。发送“我的证书”可查看自己的证书。',
    'unknown-person':
      '证书提醒没有登记：按证书管理规则只提醒在职人员，人员档案里没有在职的 {person}。请先更新人员档案，再重新导入证书。',
  },
  history: {
    registered: '证书台账更新',
    reminded: '发出证书提醒',
    left: '持证人已离开，停止提醒',
  } satisfies Readonly<Record<CertificateEvent['type'], string>>,
  itself: ['registered', 'reminded', 'left'],
} as const

/** Why a file as a whole was not read. */
export const badTableText = {
  empty: '文件是空的。请导出含表头和数据的台账后重试。',
  'too-large': '文件过大（最多 5 MB，解压后单个部分最多 32 MB，单元格最多 500 字）。请只保留证书台账这一张表后重试。',
  'too-many-rows': '行数过多（最多 5000 行证书）。请分成几个文件导入。',
  'too-wide': '列数过多（最多 64 列有内容）。请删除与证书无关的列后重试。',
  'old-format': '这是旧版 .xls 或加密的工作簿，无法读取。请另存为不加密的 .xlsx 或 CSV。',
  encrypted: '工作簿已加密，无法读取。请取消密码后另存。',
  damaged: '工作簿已损坏或不是 .xlsx，无法读取。请用表格软件打开后另存为 .xlsx 或 CSV。',
  encoding: '文字编码无法识别（只支持 UTF-8 和 GB18030）。请另存为“CSV UTF-8”。',
  'not-csv': '不是正确的 CSV（引号不成对，或一行过长）。请用表格软件另存为 CSV 或 .xlsx。',
} as const

/** What is wrong with a row of the list, and what to do. */
export const rowProblemText: Readonly<Record<string, string>> = {
  'no-heading': '没有找到表头。第一行（或标题下一行）须有这些列：{columns}、工号或姓名。',
  'missing-columns': '缺少列：{columns}。请补上后重试。',
  'column-twice': '列重复：{columns}。同一内容只留一列。',
  nobody: '工号和姓名都是空的。请至少填写一项。',
  missing: '“{column}”是空的。请填写。',
  formula: '“{column}”是公式，不予计算。请改成文字或数值（选择性粘贴：数值）。',
  'not-a-date': '“{column}”不是可以识别的日期：{text}。请写成 2026-06-01。',
  'unknown-trade': '“准操项目”不认识：{text}。请按证书写全称，如“低压电工作业”。',
  'other-category': '“证书类别”与准操项目不符：{text}；{trade}属于{category}。请核对证书。',
  'number-as-number': '“证号”被存成了数值，末尾几位已丢失。请把该列设为文本格式后重新填写。',
  'not-a-number': '“证号”含有不应出现的字符或长度不对：{text}。请核对证书。',
  'ends-before-it-begins': '“有效期至”（{to}）不晚于“发证日期”（{from}）。请核对证书。',
  'review-outside': '“复审日期”（{on}）不在 {from} 至 {to} 之间。请填写应复审日期。',
  'health-half': '“健康结论”和“体检有效期至”须同时填写或同时留空。',
  'unknown-word': '“{column}”不认识：{text}。可填：{known}。',
  'unknown-employee': '工号 {employeeNo} 不在在职人员档案里。请核对工号，或先更新人员档案。',
  'unknown-name': '姓名 {name} 不在在职人员档案里。请核对，或填写工号。',
  'other-name': '工号 {employeeNo} 与姓名 {name} 不是同一个人。请核对。',
  'several-of-that-name': '有几名在职人员叫 {name}。请填写工号。',
  'number-of-another': '证号 {number} 已登记在另一人名下，证书不得转借、冒用（原总局令第30号第三十六条）。请核对证书。',
  twice: '与第 {before} 行重复：证号 {number}、准操项目相同。请只留一行。',
  'unusual-number': '证号不是常见格式（T 加18位），已照录。请核对。',
  'long-validity': '有效期超过 {years} 年，已照录。请核对。',
  'review-missing': '{trade}没有应复审日期，按发证或上次复审后三年计。请核对证书。',
}
