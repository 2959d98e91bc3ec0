import { refuse } from '../../lib/refusal.ts'
import type { Facts } from '../workflow.ts'
import { apply, applyAgain } from './apply.ts'
import { cancel, complete, reissue, revoke } from './close.ts'
import type { Arm, PermitDecision } from './common.ts'
import { fill } from './fill.ts'
import { recordGas } from './gas.ts'
import { notePaper } from './paper.ts'
import type { PermitState } from './permit.ts'
import type { PermitCommand } from './permit-command.ts'
import { addIsolationPhoto, photographIsolation, refusePhoto, storePhoto } from './photos.ts'
import { addIsolation, brief, confirmJsa, confirmMeasure, receiveBriefing, tryIsolation } from './prepare.ts'
import {
  answerPulse,
  checkIn,
  declare,
  noteConflict,
  pause,
  reportChange,
  resume,
  showCode,
  start,
  stopWork,
  suspendBy,
} from './run.ts'
import { sendBack, sign } from './sign.ts'
import { submit } from './submit.ts'
import { climb, recheck, reportUnreachable, watch } from './watch.ts'

type Arms = { readonly [T in Exclude<PermitCommand['type'], 'apply' | 'applyAgain'>]: Arm<T> }

const arms: Arms = {
  ...{ fill, submit, cancel, confirmJsa, confirmMeasure, addIsolation, tryIsolation, brief, receiveBriefing },
  ...{ showCode, sign, sendBack, recordGas, declare, checkIn, answerPulse, start, pause, stopWork, reportChange, resume },
  ...{ photographIsolation, addIsolationPhoto, storePhoto, refusePhoto, notePaper },
  ...{ complete, reissue, revoke, suspendBy, noteConflict, reportUnreachable, recheck, watch, climb },
}

/** What a command comes to. Pure: the same state, command and facts give the same decision. */
export const decidePermit = (state: PermitState | null, command: PermitCommand, facts: Facts): PermitDecision => {
  if (command.type === 'apply') return state === null ? apply(command, facts) : refuse('opened-already', { code: state.code })
  if (command.type === 'applyAgain')
    return state === null ? applyAgain(command, facts) : refuse('opened-already', { code: state.code })
  if (state === null) return refuse('no-such-case')
  return (arms[command.type] as (state: PermitState, command: PermitCommand, facts: Facts) => PermitDecision)(
    state,
    command,
    facts,
  )
}
