import { Turns } from '../../shared/turns';
import type { AriRest } from './rest';

/** A quarter of the connections to Asterisk (see AriHttp) is left to calls. */
const AT_A_TIME = 12;

/** What may be asked for thousands of trunks at once. */
export type BackgroundRest = Pick<
  AriRest,
  'setGlobal' | 'deleteGlobal' | 'global' | 'pjsipObject' | 'endpointState'
>;

/**
 * Requests for which no call waits. Each one is sent when its turn comes, and its time-out counts from then; those of calls
 * do not wait behind them.
 */
export function inBackground(rest: BackgroundRest, atATime = AT_A_TIME): BackgroundRest {
  const turns = new Turns(atATime);
  return {
    setGlobal: (...about) => turns.run(() => rest.setGlobal(...about)),
    deleteGlobal: (...about) => turns.run(() => rest.deleteGlobal(...about)),
    global: (...about) => turns.run(() => rest.global(...about)),
    pjsipObject: (...about) => turns.run(() => rest.pjsipObject(...about)),
    endpointState: (...about) => turns.run(() => rest.endpointState(...about)),
  };
}
