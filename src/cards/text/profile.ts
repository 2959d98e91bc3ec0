/** Words of what people ask about themselves. */
export const profileText = {
  title: '我的安全画像',
  axes: {
    reporting: '隐患上报',
    rectifying: '按期整改',
    verifying: '按时验收',
    speakingUp: '建议叫停',
    readiness: '培训演练',
    discipline: '守规',
  },
  total: '总积分 {total}',
  unknown: '暂无记录',
  noCards: '近三个月没有红黄牌',
  card: '{colour} {cause}（{status}） {code}',
  note: '近三个月，满格为参考目标；没有记录的项目不计分。只有您本人能看到。',
} as const
