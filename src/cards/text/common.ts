/** Words that belong to no single subject: greetings, linking, unknown buttons, trouble. */
export const commonText = {
  home: {
    title: '安灯',
    body: '发现隐患，直接把照片或一句话发给我，班组长会立刻收到。\n• 照片和文字在 60 秒内算同一条上报\n• 输入隐患编号可查看进度\n• 在群里请 @我，否则我收不到',
    summary: '安灯：发照片或文字即可上报隐患',
  },
  superseded: '已有新的卡片，请在最新一张上处理',
  linkFirst:
    '您的账号还没有关联到人员档案，按账号关联规则，这里的名单和成绩只给本厂人员看。请先关联您的身份：直接发一句话，我会回复关联卡片。',
  link: {
    title: '请关联您的身份',
    body: '您发送的内容已经登记，不会丢失。这个账号还没有关联到人员档案，关联后才能接单和验收。\n方式一：点“获取关联码”，再到您已关联的另一个聊天账号里把码发给我。\n方式二：请系统管理员关联。',
    confirmTitle: '确认是您本人的账号？',
    confirmBody:
      '账号“{name}”（{connection}）出示了您刚才输入的关联码。确认后它将以您的身份接收卡片和操作。不是您本人，请点“不是我”。',
    confirmAssignedBody:
      '系统管理员{by}申请把账号“{name}”（{connection}）关联到您的身份。确认后它将以您的身份接收卡片和操作。不是您本人的账号，请点“不是我”。',
    secondTitle: '请复核账号关联',
    secondBody:
      '系统管理员{by}申请把账号“{name}”（{connection}）关联到{person}，正在等{person}在已有账号上确认。本人无法确认时，请当面核实后由您复核；有疑问请点“不是我”。',
    assignedBody:
      '账号“{name}”（{connection}）已申请关联到{person}，等待{person}在已有账号上确认，或另一位系统管理员复核。指错了人，请重新点“指定人员”。',
    assignTitle: '新账号等待关联',
    assignBody: '账号“{name}”（{connection}）没有匹配到唯一的人员。请核实本人身份后，点“指定人员”填写工号。',
    doneTitle: '账号已关联',
    doneBody: '账号“{name}”已关联到{person}。',
    watchTitle: '账号关联',
    watchBody: '账号“{name}”（{connection}）正在等待关联，由系统管理员处理。',
    deniedTitle: '关联已拒绝',
    deniedBody: '账号“{name}”的关联请求已被拒绝。如有误，请联系系统管理员。',
    actions: { issueCode: '获取关联码', confirm: '是我本人', deny: '不是我', assign: '指定人员' },
    form: { employeeNo: '工号' },
    facts: { account: '账号', since: '请求时间', status: '状态' },
    status: { waiting: '等待关联', coded: '已发关联码', claimed: '等待本人确认', linked: '已关联', denied: '已拒绝' },
    say: {
      'code-issued': '关联码 {code}，10 分钟内有效。请用您已关联的聊天账号把它发给我。',
      assigned: '{name}已有关联账号，已请本人确认；本人无法确认时，可由另一位系统管理员复核。',
      claimed: '请在新卡片上确认账号“{name}”是否为您本人。',
      linked: '已关联到{name}。',
      denied: '已拒绝。',
      'assign-number': '请直接回复此人的工号。',
    },
    notices: {
      'linked-also':
        '【提醒】聊天账号“{name}”（{connection}）已关联到您的身份，今后可代表您操作。如不是您本人的账号，请立即联系系统管理员。',
      'assigned-without-account':
        '【提醒】系统管理员{by}已把聊天账号“{name}”（{connection}）关联到{person}，此前{person}没有任何账号，无法本人确认。请当面向{person}核实；不属实请立即联系安全总监和系统管理员。',
      linked: '关联成功，您好，{name}。以后您的卡片也会发到这里。',
    },
    refusals: {
      'already-linked':
        '没有重复关联：这个账号已经关联，按账号关联规则一个账号只关联一人。无需再操作；如关联错了，请联系系统管理员。',
      'not-your-account': '没有发码：按账号关联规则，只有账号本人可以获取关联码。请用要关联的那个账号点“获取关联码”。',
      'code-unknown': '关联码无效或已过期。请在新账号上重新点“获取关联码”。',
      'second-administrator':
        '没有关联：按账号关联规则，{name}已有账号，须由本人在已有账号上确认，或由另一位系统管理员复核，申请人自己不能复核。请联系{name}或另一位系统管理员。',
      'number-unknown': '没有找到唯一的在职人员，工号 {employeeNo}。请核对后重试。',
      'not-your-duty': '没有指定：按账号关联规则，只有系统管理员可以指定人员。请联系系统管理员。',
      'link-denied':
        '没有操作：账号“{name}”的关联请求已被拒绝，按账号关联规则不能再确认。请让对方重新发送一条消息，再次申请关联。',
      'no-such-case': '没有找到这个关联请求。请在要关联的账号上直接发一句话，重新申请。',
      'link-first':
        '这个账号还没有关联到人员档案，没有操作：按账号关联规则须先关联。请先关联您的身份：直接发一句话，按回复的卡片关联。',
    },
  },
  ask: {
    title: '这些内容属于哪一条？',
    body: '您有不止一种可能的去处，请点选。未点选之前内容已妥善保存。',
    summary: '请选择照片归属',
    placed: '已归入 {code}',
  },
  audit:
    '【告警】安灯自查发现异常：无时限的未结案件 {openWithoutDeadline}，逾期未触发的时限 {deadlinesLate}，未发出的通知 {effectsLate}，未更新的卡片 {cardsBehind}。请运行 andon doctor 并查看日志。',
  unmappedAlarm: {
    text: '【告警】告警来源“{name}”（{source}）发来的报文签名正确，但按配置取不到设备和内容，没有生成隐患，现场可能有险情无人处理。请立即向该系统核实现场，并核对其映射（device、text）。报文字段：{fields}。同一来源每小时最多提醒一次；运行 andon doctor 可看各来源状态。',
    noFields: '不是 JSON 对象',
  },
  resent: '【重发】',
  staleCard: '这张卡片已失效。请输入编号查看最新情况，或直接发送照片上报。',
  notRecorded: '没有记下，请再按一次',
  messageNotRecorded: '您刚才发的内容没有登记成功，请重新发送。如情况紧急，请立即电话联系班组长。',
  busy: '系统繁忙，没有记下，请稍后再按一次',
  unknownCode: '没有找到编号 {code}，或您没有查看权限。请核对后重试。',
  unsupported: '这种内容我还不能处理。请发送照片或文字。',
  askInPrivate: '名单、积分和指标只给本人看，群里不显示。请在与我的单聊里再发一次。',
  typeInstead: '这里的语音没有转成文字，我听不懂，还没有记下。请直接打字回复刚才的问题。',
  wordsOnlyInSecret: '匿名上报只收文字：照片和位置可能暴露您，这次没有登记，也没有保存。请只发送“匿名未遂”加一句话。',
  outside: '您不在本企业的通讯录中，按账号关联规则无法登记。如发现险情，请立即告知现场人员或拨打厂内应急电话。',
  quota: '平台本月的消息额度已用完，收到的内容不完整。请用其他聊天工具上报，或直接电话联系班组长。',
  /** Stands for `{rule}` where no clause of a standard does. */
  ownRule: '本产品作业票规则',
  expired: '已过期',
} as const
