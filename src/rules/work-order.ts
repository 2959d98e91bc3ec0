import { otherCategory } from './repeat.ts'

/**
 * What a finished repair must look like, by the kind of hazard: the standard that stands on every work order, so that whoever rectifies knows what will be
 * verified. Our own default wording; a plant's procedures and the standards of its sector go before it. The kinds are those of the repeat rule.
 */
export const repairStandards = {
  id: 'repair-standard@1',
  effectiveFrom: '2026-09-01',
  source: '产品承诺 7：整改工单含标准图示；要点为安灯默认版，企业规程与行业标准优先',
  byCategory: {
    fire: '火源已消除，可燃物已清离；灭火器压力指针在绿区、通道无遮挡；照片须拍到灭火器压力表和通道全景。',
    gas: '泄漏点已封堵并复测合格；报警器示值正常、未屏蔽；照片须拍到检测仪读数和修复部位。',
    electric: '已断电挂牌后处理；线缆无破损、接线有盖、接地可靠；照片须拍到修复部位近景和标识全貌。',
    pressure: '已泄压后处理；压力在允许范围、安全阀在检定期内；照片须拍到压力表读数和检定标签。',
    leak: '漏点已更换或紧固，擦净后无再渗；地面积液已清理；照片须拍到漏点近景和地面全景。',
    edge: '护栏、盖板连续牢固并有挡脚；孔洞全部盖住且有标识；照片须拍到两端固定点和全景。',
    guard: '防护罩复位紧固；联锁、急停试验有效、未短接；照片须拍到固定螺栓和试验结果。',
    lifting: '吊索具无断丝变形、标牌清晰；车辆制动、警示有效；照片须拍到标牌和检查部位近景。',
    behaviour: '违章已制止，当事人已当面教育；防护用品佩戴齐全；照片须拍到整改后的作业状态。',
    other: '危险已消除，现场恢复到规程要求；临时措施已撤除；照片须与整改前同一角度拍摄。',
  } as Readonly<Record<string, string>>,
} as const

/** The standard for a kind of hazard; that of the rest for one without its own. */
export const repairStandardFor = (category: string): string =>
  repairStandards.byCategory[category] ?? repairStandards.byCategory[otherCategory] ?? ''
