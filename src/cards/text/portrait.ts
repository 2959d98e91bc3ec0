import type { PortraitEvent } from '../../workflows/portrait/portrait.ts'

/** Every word that people read about their safety portrait (我的安全画像). */
export const portraitText = {
  title: '我的安全画像',
  axes: {
    reporting: '隐患上报',
    rectifying: '按期整改',
    verifying: '按时验收',
    speakingUp: '建议叫停',
    readiness: '培训演练',
    discipline: '守规',
  },
  total: '总积分 {total}，守规 {discipline}',
  unknown: '暂无记录',
  noCards: '近三个月没有红黄牌',
  card: '{colour} {cause}（{status}） {code}',
  alt: '安全画像雷达图：{values}',
  foot: '近三个月 · 满格为参考目标',
  note: '近三个月，满格为参考目标；没有记录的项目不计分。只有您本人能看到。',
  page: '查看雷达图',
  actions: {},
  acts: {},
  roles: {},
  say: {},
  notices: {},
  refusals: {
    'link-first':
      '您的账号还没有关联到人员档案，没有显示：按账号关联规则，安全画像只给本人看。请先关联您的身份：直接发一句话，我会回复关联卡片。',
    'asked-already': '没有重新生成：按安全画像规则，每次询问生成一份。请再发一次“我的安全画像”。',
    'no-such-case': '没有找到这份安全画像。请发送“我的安全画像”重新查看。',
    'drawn-already': '没有重画：按安全画像规则，每份画像只画一张图，这一份已经画好。请再发一次“我的安全画像”。',
  },
  history: {
    asked: '查看安全画像',
    drawn: '画好雷达图',
    undrawn: '雷达图未能画出，数字以卡片为准',
  } satisfies Readonly<Record<PortraitEvent['type'], string>>,
  itself: ['drawn', 'undrawn'],
} as const
