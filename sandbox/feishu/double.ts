/** Feishu (飞书) as the service and the people meet it: its API, its pushes, its chat client. Written from the platform's documents alone. */
import type { VendorFactory } from '../contract.ts'
import { batchRoutes } from './batch.ts'
import { cardUpdateRoutes } from './card-update.ts'
import { changeRoutes } from './changes.ts'
import { chatRoutes } from './chats.ts'
import { userRoutes } from './contacts.ts'
import { createDelivery } from './delivery.ts'
import { departmentRoutes } from './departments.ts'
import { createGateway } from './gateway.ts'
import { historyRoutes } from './history.ts'
import { createHttpDoor } from './http-door.ts'
import type { Kernel } from './kernel.ts'
import { createLimits } from './limits.ts'
import { createLongConnection } from './long-connection.ts'
import { messageRoutes } from './messages.ts'
import { mountSignIn } from './oauth.ts'
import { addressBehind } from './opens.ts'
import type { Door } from './outcome.ts'
import { createPeople } from './people.ts'
import { pictureRoutes } from './pictures.ts'
import { createPress } from './press.ts'
import { createScreens } from './screens.ts'
import { createState, type FeishuApp } from './state.ts'
import { createTokens } from './tokens.ts'
import { urgentRoutes } from './urgent.ts'

const routesOf = (kernel: Kernel) => [
  ...messageRoutes(kernel),
  ...changeRoutes(kernel),
  ...batchRoutes(kernel),
  ...historyRoutes(kernel),
  ...urgentRoutes(kernel),
  ...pictureRoutes(kernel),
  ...chatRoutes(kernel),
  ...departmentRoutes(kernel),
  ...userRoutes(kernel),
  ...cardUpdateRoutes(kernel),
]

export const createFeishuDouble: VendorFactory = (world, apps) => {
  const state = createState(apps)
  const closing = new AbortController()
  const longConnection = createLongConnection(world, state)
  const httpDoors = new Map(state.apps.map((app) => [app, createHttpDoor(world, app, closing.signal)]))
  /** The door is asked for at each push: it may be changed while the sandbox runs. */
  const doorOf = (app: FeishuApp): Door => (app.app.door === 'http' ? httpDoors.get(app) : undefined) ?? longConnection.door(app)
  const limits = createLimits(world)
  const kernel: Kernel = { world, state, limits, screens: createScreens(world, state), delivery: createDelivery(world, doorOf) }
  const people = createPeople(kernel)
  const press = createPress(kernel)
  const mount = createGateway({ world, routes: routesOf(kernel), tokens: createTokens(world, state), limits, longConnection })

  return {
    name: 'feishu',
    mount: (app) => {
      mountSignIn(app, world, state)
      mount(app)
    },
    upgrade: longConnection.upgrade,
    ...people,
    presses: (pressed) => world.busy('feishu press', press(pressed)),
    opens: ({ account }, id, label) => {
      const message = state.messages.get(id)
      return message?.card && message.chat.members.has(account) ? addressBehind(message.card, label, kernel.screens.reader) : null
    },
    connections: longConnection.connections,
    close: async () => {
      closing.abort()
      kernel.delivery.close()
      longConnection.close()
    },
  }
}
