import type { Trade } from './trades.ts'

/** Which register a certificate stands in: who issues it, and whether it has to be reviewed while it is valid. */
export type Register = {
  readonly id: 'specialOperation' | 'specialEquipment' | 'enterprise'
  readonly name: string
  /** Without its review such a certificate is invalid before it expires, so a list that names no date for it is told so. */
  readonly reviewed: boolean
  /** The longest validity in years that is believed without a word; null where the register fixes none. */
  readonly longest: number | null
  readonly source: string
}

export const registers: Readonly<Record<Register['id'], Register>> = {
  specialOperation: {
    id: 'specialOperation',
    name: '特种作业操作证',
    reviewed: true,
    longest: 6,
    source:
      '应急管理部令第19号《特种作业人员安全技术培训考核管理规定》（2026-06-01 起）及特种作业目录（应急〔2026〕45号）；有效期6年、每3年复审见原总局令第30号第十九、二十一条',
  },
  specialEquipment: {
    id: 'specialEquipment',
    name: '特种设备作业人员证',
    reviewed: false,
    longest: null,
    source: '市场监督管理部门核发，按证书载明的有效期',
  },
  enterprise: {
    id: 'enterprise',
    name: '企业培训证',
    reviewed: false,
    longest: null,
    source: '企业专项培训记录，按证书载明的有效期',
  },
}

/** What a certificate allows its holder to do (准操项目), as lists of certificates name it. */
export type CertificateTrade = {
  /** Stable: stored with certificates. Those that rule packs ask for are in `trades.ts`. */
  readonly id: string
  readonly name: string
  /** 证书类别 as certificates print it. */
  readonly category: string
  readonly register: Register['id']
  /** Other ways in which lists write the name. */
  readonly aliases: readonly string[]
  /** Where GB 30871-2022 asks for it: 4.9 licensed trades, 4.10 attendants; `自定` where no clause does. */
  readonly clause: string
}

type Row = Omit<CertificateTrade, 'id'>
const row =
  (register: Register['id'], category: string, clause: string) =>
  (name: string, ...aliases: readonly string[]): Row => ({ name, category, register, aliases, clause })

const electric = row('specialOperation', '电工作业', '4.9')
const welding = row('specialOperation', '焊接与热切割作业', '4.9')
const height = row('specialOperation', '高处作业', '4.9')
const cooling = row('specialOperation', '制冷与空调作业', '4.9')
const metallurgy = row('specialOperation', '冶金（有色）生产安全作业', '4.9')
const hazchem = row('specialOperation', '危险化学品安全作业', '4.9')
const equipment = row('specialEquipment', '特种设备作业', '4.9')
const attendant = row('enterprise', '企业培训', '4.10')
const training = row('enterprise', '企业培训', '自定')

/** Everything that a rule pack can ask for. */
const asked: Readonly<Record<Trade, Row>> = {
  'electric.low': electric('低压电工作业', '低压电工'),
  'electric.high': electric('高压电工作业', '高压电工'),
  'electric.explosionProof': electric('防爆电气作业', '防爆电气'),
  'welding.fusion': welding('熔化焊接与热切割作业', '熔化焊接与热切割', '熔化焊接与热切割操作'),
  'height.scaffold': height('登高架设作业', '登高架设'),
  'height.install': height('高处安装、维护、拆除作业', '高处安装维护拆除作业', '高处安装、维护、拆除'),
  'lifting.crane': equipment('起重机司机', '起重机械司机', 'Q2', '起重机司机Q2'),
  'lifting.signaller': equipment('起重机指挥', '起重机械指挥', 'Q1', '起重机指挥Q1'),
  'lifting.rigger': equipment('起重司索', '起重机械司索', '司索', '司索工'),
  'training.attendant': attendant('监护人培训', '作业监护人培训', '特殊作业监护人', '特殊作业监护人培训', '监护人'),
  'training.confinedSpace': training('受限空间作业培训', '有限空间作业培训', '受限空间作业', '有限空间作业'),
  'training.blindPlate': training('盲板抽堵作业培训', '盲板抽堵作业'),
  'training.excavation': training('动土作业培训', '动土作业'),
  'training.roadClosure': training('断路作业培训', '断路作业'),
}

/** What people hold besides: nobody's permit asks for it yet, but a list of certificates has it. */
const held: Readonly<Record<string, Row>> = {
  'electric.cable': electric('电力电缆作业', '电力电缆'),
  'electric.relayProtection': electric('继电保护作业', '继电保护'),
  'electric.test': electric('电气试验作业', '电气试验'),
  'welding.pressure': welding('压力焊作业', '压力焊'),
  'welding.brazing': welding('钎焊作业', '钎焊'),
  'refrigeration.operate': cooling('制冷与空调设备运行操作作业', '制冷与空调设备运行操作'),
  'refrigeration.repair': cooling('制冷与空调设备安装修理作业', '制冷与空调设备安装修理'),
  'metallurgy.gas': metallurgy('煤气作业'),
  'hazchem.phosgene': hazchem('光气及光气化工艺作业'),
  'hazchem.chlorAlkali': hazchem('氯碱电解工艺作业'),
  'hazchem.chlorination': hazchem('氯化工艺作业'),
  'hazchem.nitration': hazchem('硝化工艺作业'),
  'hazchem.ammonia': hazchem('合成氨工艺作业'),
  'hazchem.cracking': hazchem('裂解（裂化）工艺作业', '裂解工艺作业', '裂化工艺作业'),
  'hazchem.fluorination': hazchem('氟化工艺作业'),
  'hazchem.hydrogenation': hazchem('加氢工艺作业'),
  'hazchem.diazotization': hazchem('重氮化工艺作业'),
  'hazchem.oxidation': hazchem('氧化工艺作业'),
  'hazchem.peroxidation': hazchem('过氧化工艺作业'),
  'hazchem.amination': hazchem('胺基化工艺作业'),
  'hazchem.sulfonation': hazchem('磺化工艺作业'),
  'hazchem.polymerization': hazchem('聚合工艺作业'),
  'hazchem.alkylation': hazchem('烷基化工艺作业'),
  'hazchem.instruments': hazchem('化工自动化控制仪表作业', '化工自动化控制仪表'),
  'equipment.forklift': equipment('叉车司机', 'N1', '叉车司机N1'),
  'equipment.pressureVessel': equipment('快开门式压力容器操作', 'R1'),
  'equipment.pressureFilling': equipment('移动式压力容器充装', 'R2'),
  'training.hot': training('动火作业培训', '动火作业'),
  'training.height': training('高处作业培训'),
  'training.temporaryPower': training('临时用电作业培训', '临时用电作业'),
  'training.gasTest': training('气体检测培训', '气体分析培训', '气体检测'),
}

export const certificateTrades: readonly CertificateTrade[] = Object.entries({ ...held, ...asked }).map(([id, rest]) => ({
  id,
  ...rest,
}))

/** Full-width forms, spaces and brackets make no difference. */
export const plainName = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s()[\]【】]/g, '')
    .toUpperCase()

const byId: ReadonlyMap<string, CertificateTrade> = new Map(certificateTrades.map((trade) => [trade.id, trade]))
const byName: ReadonlyMap<string, CertificateTrade> = new Map(
  certificateTrades.flatMap((trade) => [trade.name, ...trade.aliases].map((name) => [plainName(name), trade] as const)),
)

export const tradeOf = (id: string): CertificateTrade | null => byId.get(id) ?? null
/** As people read it; the id itself for a trade of another release. */
export const tradeName = (id: string): string => byId.get(id)?.name ?? id
/** The trade that a list calls by this name. Whole names only: 电工作业 alone says nothing about the voltage, so it names no trade. */
export const tradeNamed = (text: string): CertificateTrade | null => byName.get(plainName(text)) ?? null

/** Does a category printed on a certificate go with the trade? Its own category, or the name of its register, which lists often put there. */
export const isCategoryOf = ({ category, register }: CertificateTrade, text: string): boolean => {
  const said = plainName(text)
  const fits = [category, registers[register].name].map(plainName)
  return fits.includes(said) || fits.includes(`${said}作业`) || fits.includes(`${said}证`)
}
