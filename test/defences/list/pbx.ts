import { defence, type Defence } from '../defence';

const HTTP = 'adapters/asterisk/ari/http.ts';

/** What comes from the PBX itself, or from whoever sits where the PBX should. */
export const PBX: readonly Defence[] = [
  defence('ari-answer-length', HTTP, 'if (this.bytes > this.most) {', 'if (this.bytes < 0) {'),
  defence('ari-answer-time', HTTP, '      }, timeoutMs);\n', '      }, 2 ** 30);\n'),
  defence(
    'ari-event-length',
    'adapters/asterisk/ari/connection.ts',
    '    boundEvents(socket);\n',
    '',
  ),
  defence('ari-slices', 'adapters/shared/json-elements.ts', '    await nextTurn();\n', ''),
  defence(
    'ari-element-length',
    'adapters/shared/json-elements.ts',
    'if (this.begun.length > LONGEST_ELEMENT)',
    'if (this.begun.length < 0)',
  ),
  defence('ari-reason-length', HTTP, 'message.slice(0, LONGEST_REASON)', 'message'),
  defence(
    'ari-event-checked',
    'adapters/asterisk/ari/events.ts',
    "return read.success ? read.data : 'unusable';",
    'return event as WantedEvent;',
  ),
  defence(
    'ari-legs',
    'adapters/asterisk/legs/legs.ts',
    'new BoundedMap<string, LegRecord>(MOST_LEGS)',
    'new Map<string, LegRecord>()',
  ),
  defence(
    'asterisk-published-names',
    'adapters/asterisk/trunks/published-globals.ts',
    'trunks.filter(isTrunkName).flatMap(trunkVariableNames)',
    'trunks.flatMap(trunkVariableNames)',
  ),
  defence(
    'ari-silent',
    'adapters/asterisk/ari/connection.ts',
    'if (this.unansweredPings >= MISSED_PINGS) {',
    'if (this.unansweredPings < 0) {',
  ),
  defence(
    'esl-event-length',
    'adapters/freeswitch/esl/connection.ts',
    'if (body.length > LONGEST_EVENT) {',
    'if (body.length > Infinity) {',
  ),
  defence(
    'esl-event-checked',
    'adapters/freeswitch/esl/connection.ts',
    "      if (!(error instanceof ProtocolError)) throw error;\n      this.listener.dropped('unusable-event');",
    '      throw error;',
  ),
  defence(
    'observed-calls',
    'src/calls/observed-calls.ts',
    'if (this.calls.size > MOST_CALLS && oldest !== undefined) this.calls.delete(oldest);',
    'void oldest;',
  ),
  defence(
    'observed-attempts',
    'src/calls/observed-calls.ts',
    'if (call.attempts.length >= MOST_ATTEMPTS) return;',
    '',
  ),
  defence('observed-number', 'src/calls/observed-calls.ts', '.filter(isDialable)', ''),
  defence(
    'declined-calls',
    'adapters/asterisk/handover/handovers.ts',
    'new BoundedSet<string>(MOST_DECLINED)',
    'new Set<string>()',
  ),
  defence(
    'declined-number',
    'src/calls/observed-calls.ts',
    '    if (!isDialable(hunt.number)) return;\n',
    '',
  ),
  defence(
    'observed-emergency',
    'adapters/asterisk/legs/observed-legs.ts',
    'trunk !== undefined && !this.parts.isObserved(trunk)',
    'trunk !== undefined',
  ),
  defence(
    'begun-stays-decided',
    'src/calls/pipeline.ts',
    "return event.kind === 'failed' && !event.usersOwn;",
    'return false;',
  ),
  defence(
    'observe-application',
    'adapters/asterisk/adapter.ts',
    'options.observe ? OBSERVING + randomUUID().slice(0, 8) : APPLICATION',
    'APPLICATION',
  ),
  defence(
    'observe-globals',
    'adapters/asterisk/adapter.ts',
    'if (this.reachable && !this.options.observe)',
    'if (this.reachable)',
  ),
  defence(
    'observe-gives-up-nothing',
    'adapters/asterisk/adapter.ts',
    'options.observe ? NO_TRUNKS : this.policy.trunks',
    'this.policy.trunks',
  ),
  defence(
    'observe-asked-nothing',
    'adapters/asterisk/adapter.ts',
    'if (this.options.observe) return this.observedLegs.apply(event);',
    '',
  ),
];
