/**
 * gettoken (获取access_token, document/path/91039), the address book and the small reads: pages 读取成员, 获取部门成员,
 * 获取部门成员详情, 手机号获取userid, 获取部门列表, 获取应用 and 获取企业微信回调IP段 of developer.work.weixin.qq.com.
 */
import { z } from 'zod'
import type { Call } from './api.ts'
import { type Answer, no, ok } from './codes.ts'
import type { Member } from './members.ts'
import { quotas } from './meter.ts'
import type { Office } from './office.ts'

/** The secret is looked at before the corpid (seen on the platform). */
export const getToken = (query: URLSearchParams, office: Office): Answer => {
  const secret = query.get('corpsecret')
  const corpId = query.get('corpid')
  if (!secret) return no(41004)
  if (!corpId) return no(41002)
  const inCorp = office.apps.filter((app) => app.corpId === corpId)
  if (inCorp.length === 0) return no(40013)
  const app = inCorp.find((candidate) => candidate.secret === secret)
  if (!app) {
    const free = !office.world.metered() || office.meter.take('wrong secret', quotas.wrongSecret)
    return no(free ? 40001 : 45009)
  }
  const { token, seconds } = office.tokens.issue(app)
  return ok({ access_token: token, expires_in: seconds })
}

/** Apps made after 2022-06-20 do not see the mobile number; `wecom.mobiles` makes an older app of this one. */
const record = ({ account, role, department }: Member, { world }: Office) => ({
  userid: account.account,
  name: account.name,
  department: [department],
  order: [0],
  position: role,
  is_leader_in_dept: [0],
  direct_leader: [],
  main_department: department,
  alias: '',
  telephone: '',
  status: 1,
  extattr: { attrs: account.employeeNo ? [{ type: 0, name: '工号', text: { value: account.employeeNo } }] : [] },
  ...(world.choose('wecom.mobiles', 'hidden') === 'visible' && account.mobile ? { mobile: account.mobile } : {}),
})

export const userGet = ({ query }: Call, office: Office): Answer => {
  const userid = query.get('userid')
  if (!userid) return no(40003, 'userid')
  const member = office.members.find(userid)
  return member ? ok(record(member, office)) : no(60111)
}

const directMembers = (query: URLSearchParams, { members }: Office): readonly Member[] | Answer => {
  const id = query.get('department_id')
  if (!id || !/^\d{1,10}$/.test(id)) return no(40058, 'department_id')
  if (!members.departments().some((department) => department.id === Number(id))) return no(60003)
  return members.all().filter(({ department }) => department === Number(id))
}

export const userSimpleList = ({ query }: Call, office: Office): Answer => {
  const found = directMembers(query, office)
  if ('code' in found) return found
  return ok({
    userlist: found.map(({ account, department }) => ({ userid: account.account, name: account.name, department: [department] })),
  })
}

export const userList = ({ query }: Call, office: Office): Answer => {
  const found = directMembers(query, office)
  return 'code' in found ? found : ok({ userlist: found.map((member) => record(member, office)) })
}

export const userByMobile = ({ json }: Call, { members }: Office): Answer => {
  const parsed = z.object({ mobile: z.string().min(1) }).safeParse(json)
  if (!parsed.success) return no(40058, 'mobile')
  const member = members.all().find(({ account }) => account.mobile === parsed.data.mobile)
  return member ? ok({ userid: member.account.account }) : no(46004)
}

/** The department asked for and everything below it; without an id, all of them. */
const subtree = (query: URLSearchParams, { members }: Office) => {
  const id = query.get('id') || '1'
  const all = members.departments()
  if (!all.some((department) => String(department.id) === id)) return no(60003)
  return id === '1' ? all : all.filter((department) => String(department.id) === id)
}

export const departmentList = ({ query }: Call, office: Office): Answer => {
  const found = subtree(query, office)
  if ('code' in found) return found
  return ok({ department: found.map((department) => ({ ...department, name_en: '', department_leader: [] })) })
}

export const departmentSimpleList = ({ query }: Call, office: Office): Answer => {
  const found = subtree(query, office)
  return 'code' in found ? found : ok({ department_id: found.map(({ id, parentid, order }) => ({ id, parentid, order })) })
}

export const agentGet = ({ app, query }: Call, { apps, members }: Office): Answer => {
  const agentId = Number(query.get('agentid') ?? Number.NaN)
  if (agentId !== app.agentId)
    return no(apps.some((other) => other.corpId === app.corpId && other.agentId === agentId) ? 301002 : 40056)
  return ok({
    agentid: app.agentId,
    name: app.app.id,
    square_logo_url: '',
    description: '',
    allow_userinfos: { user: members.all().map(({ account }) => ({ userid: account.account })) },
    allow_partys: { partyid: [1] },
    allow_tags: { tagid: [] },
    close: 0,
    redirect_domain: '',
    report_location_flag: 0,
    isreportenter: 1,
    home_url: '',
  })
}

export const callbackIps = (): Answer => ok({ ip_list: ['127.0.0.1'] })
