/** The double of WeCom's self-built app (企业微信 自建应用): API, callbacks and client, written from the vendor's pages alone. */
import type { VendorFactory } from '../contract.ts'
import { type Call, type Endpoints, mountApi } from './api.ts'
import { recall, updateCard } from './change.ts'
import { createClient } from './client.ts'
import {
  agentGet,
  callbackIps,
  departmentList,
  departmentSimpleList,
  getToken,
  userByMobile,
  userGet,
  userList,
  userSimpleList,
} from './directory-api.ts'
import { download, upload } from './media-api.ts'
import { createSignIn, type SignIn } from './oauth.ts'
import { createOffice } from './office.ts'
import { createSend } from './send.ts'
import { createSender } from './sender.ts'

const emptyMember = { department: [], order: [], is_leader_in_dept: [], direct_leader: [] }

const endpoints = (signIn: SignIn): Endpoints => ({
  '/cgi-bin/gettoken': { reads: 'query', token: false, run: getToken },
  '/cgi-bin/message/send': { reads: 'json', token: true, run: createSend() },
  '/cgi-bin/message/update_template_card': { reads: 'json', token: true, run: updateCard },
  '/cgi-bin/message/recall': { reads: 'json', token: true, run: recall },
  '/cgi-bin/media/upload': { reads: 'form', token: true, run: upload },
  '/cgi-bin/media/get': { reads: 'query', token: true, run: download },
  '/cgi-bin/user/get': { reads: 'query', token: true, run: userGet, empties: emptyMember },
  '/cgi-bin/user/simplelist': { reads: 'query', token: true, run: userSimpleList, empties: { userlist: [] } },
  '/cgi-bin/user/list': { reads: 'query', token: true, run: userList, empties: { userlist: [] } },
  '/cgi-bin/user/getuserid': { reads: 'json', token: true, run: userByMobile },
  '/cgi-bin/department/list': { reads: 'query', token: true, run: departmentList, empties: { department: [] } },
  '/cgi-bin/department/simplelist': { reads: 'query', token: true, run: departmentSimpleList, empties: { department_id: [] } },
  '/cgi-bin/agent/get': { reads: 'query', token: true, run: agentGet },
  '/cgi-bin/getcallbackip': { reads: 'query', token: true, run: callbackIps, empties: { ip_list: [] } },
  '/cgi-bin/auth/getuserinfo': { reads: 'query', token: true, run: (call: Call) => signIn.userInfo(call) },
})

/** Serves every WeCom self-built app among `apps`. Throws when one of them lacks a credential. */
export const createWecomDouble: VendorFactory = (world, apps) => {
  const office = createOffice(world, apps)
  const sender = createSender(office)
  const signIn = createSignIn(office)
  return {
    name: 'wecom',
    mount: (server) => {
      mountApi(server, endpoints(signIn), office)
      signIn.mount(server)
    },
    upgrade: () => false,
    ...createClient(office, sender),
    connections: () => 0,
    close: async () => sender.close(),
  }
}
