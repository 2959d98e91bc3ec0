/** Every word that people read about their signing PIN. */
export const pinText = {
  title: { asked: '签名口令', unset: '请设置签名口令', set: '签名口令已设置' },
  body: {
    asked: '请在新卡片上打开页面设置签名口令。口令不要发在聊天里。',
    unset: '签批作业票须本人口令。请点“查看详情”打开页面输入两遍：6 至 12 位数字，不能是同一数字或顺序数字。口令不要发在聊天里。',
    set: '可随时打开页面换新口令，旧口令随即失效。口令不要告诉任何人。',
  },
  facts: { setAt: '设置时间', until: '暂停至' },
  form: { pin: '新口令（6–12 位数字）', again: '再输一遍' },
  actions: { setPin: '保存口令' },
  acts: {},
  roles: {},
  page: '查看详情',
  summary: '签名口令',
  say: { 'pin-set': '签名口令已设置，可以签字了' },
  notices: {
    'pin-changed': '【提醒】您的签名口令刚刚设置或更换。如不是您本人操作，请立即联系系统管理员和安全员。',
    'pin-guessed': '【警告】有人连续输错您的签名口令，已暂停使用至 {until}。如不是您本人，请立即联系系统管理员和安全员。',
  },
  refusals: {
    'no-such-case': '没有找到这条口令记录。请发送“设置签名口令”。',
    'link-first':
      '这个账号还没有关联到人员档案，没有操作：按账号关联规则，关联后才能操作。请先关联您的身份：直接发一句话，按回复的卡片关联；也可联系系统管理员。',
    'own-pin-only': '没有设置：按签名口令规则，口令只能由本人在自己的卡片上设置。请发送“设置签名口令”。',
    'pins-differ': '没有设置：两遍输入不一致，按签名口令规则不保存。请重新输入两遍。',
    'pin-weak': '没有设置：按签名口令规则，口令须为 6 至 12 位数字，且不能是同一数字或顺序数字。请换一个。',
    'pin-closed': '没有设置：口令因多次输错已暂停，按签名口令规则到 {until} 后才能更换。请届时再试，或联系安全员。',
  },
  history: {
    asked: '申请设置签名口令',
    offered: '发出设置页面',
    pinSet: '设置签名口令',
    wrongNoted: '输错口令，第 {count} 次',
  },
  itself: ['offered', 'wrongNoted'],
} as const
