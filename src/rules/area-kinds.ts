/**
 * What kind of place an area is, for readers who must not learn which one it is: the verifiers of a repair. First row that matches the area's name wins.
 * Our own default.
 */
const rows: readonly (readonly [kind: string, name: RegExp])[] = [
  ['泵房', /泵/],
  ['罐区', /罐/],
  ['变配电', /变电|配电|电气|机柜/],
  ['装卸区', /装卸|装车|站台|码头/],
  ['仓库', /仓|库房|堆场/],
  ['有限空间', /池|井|地沟|涵/],
  ['锅炉与公用工程', /锅炉|空压|制冷|循环水|污水/],
  ['化验室', /化验|分析室|实验/],
  ['车间', /车间|装置|工段|厂房/],
  ['道路', /道路|厂区/],
  ['办公与生活', /办公|食堂|宿舍|更衣/],
]

/** The kind of an area by its name, or `其他区域`. */
export const areaKind = (name: string): string => rows.find(([, words]) => words.test(name))?.[0] ?? '其他区域'
