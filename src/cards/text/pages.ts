/** Words of the pages that open from cards, as far as the service says them; what the page itself says stands beside it. */
export const pagesText = {
  title: '安灯',
  /** Why a link does not open. What helps is the same for all, so that nobody learns anything from it. */
  links: {
    used: { title: '这个链接已经用过', body: '按页面安全规则，每个链接只能打开一次。' },
    expired: { title: '这个链接已过期', body: '按页面安全规则，链接在 72 小时内有效。' },
    gone: { title: '您的账号已不能查看', body: '账号已停用或关联已解除，按账号关联规则不再显示。如有疑问，请联系系统管理员。' },
    invalid: { title: '这个链接无效', body: '链接不完整或不是安灯发出的。' },
  },
  way: '请回到聊天，再点一次卡片上的按钮。如果还是打不开，把隐患编号发给安灯，点新卡片上的“查看详情”。',
  /** Signing in at one's own platform. */
  signIn: {
    by: '用{name}登录后查看',
    failed: { title: '登录没有完成', body: '登录已超时、已用过，或不是在这个浏览器里开始的，按页面安全规则不受理。请重新登录。' },
    unlinked: {
      title: '账号未关联',
      body: '登录的账号还没有关联到人员档案，按账号关联规则不能查看。请先在聊天里给安灯发一句话，按提示完成关联。',
    },
    busy: { title: '暂时无法登录', body: '聊天平台没有回应，请稍后再试。' },
  },
  errors: {
    'no-session': '登录已失效（页面安全规则：登录有时限）。请回到聊天，再点一次卡片上的“查看详情”，或把隐患编号发给安灯。',
    'not-found': '没有找到，或您没有查看权限。请核对编号；如需查看，请联系班组长或安全员。',
    forged: '没有记下：请求不是从本页面发出的，按页面安全规则不受理。请回到聊天重新打开。',
    'other-account': '没有记下：本页面已登录另一个账号，按页面安全规则一页一人。请刷新后核对身份再操作。',
    malformed: '内容不完整，没有记下。请刷新后重试。',
    'too-large': '没有记下：内容过长，按页面填写规则超出了长度。请缩短后重试。',
    'not-offered': '没有记下：情况已有变化，按流程规则这个操作现在不可用。卡片已更新，请看最新情况。',
    trouble: '系统出错，没有记下。请稍后再试，情况紧急请直接电话联系。',
  },
  recorded: '已记下',
  notEffective: '上次操作没有生效，请看最新情况。',
  stranger: '未关联账号',
  stage: { before: '整改前', during: '整改中', after: '整改后', report: '检测报告' },
} as const
