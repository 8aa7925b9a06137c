import type { AlertName } from '../../alerts/names';
import type {
  AlertReceiver,
  AlertRules,
  AlertSettings,
  CountedAlert,
  LastingAlert,
  Way,
} from '../../policy/alert-settings';
import type { AlertsText } from '../schema/alert-schema';

const LASTING: readonly LastingAlert[] = [
  ...(['trunk-held', 'pbx-gone', 'policy-refused', 'journal', 'degraded'] as const),
];
const COUNTED: readonly CountedAlert[] = [
  ...(['no-credit', 'auth-failed', 'codec-mismatch', 'caller-blocked'] as const),
  ...(['late-answers', 'fallbacks', 'rule'] as const),
];
/** RFC 6409 and RFC 8314. */
const PORTS = { starttls: 587, tls: 465, none: 25 } as const;

export function compileAlerts({ links, when, receivers }: AlertsText): AlertSettings {
  return {
    ...(links !== undefined && { links: links.replace(/\/+$/, '') }),
    when: compileRules(when),
    receivers: Object.entries(receivers).map(([name, receiver]) => compileReceiver(name, receiver)),
  };
}

function compileRules(when: AlertsText['when']): AlertRules {
  const on = <Setting>(setting: Setting | 'off') => (setting === 'off' ? undefined : setting);
  const some = <Name extends LastingAlert | CountedAlert>(names: readonly Name[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const setting = on(when[name]);
        return setting === undefined ? [] : [[name, setting]];
      }),
    );
  const { asr, ner, pdd, rising } = when;
  return {
    lasting: some(LASTING),
    counted: some(COUNTED),
    ...(asr !== 'off' && { asr }),
    ...(ner !== 'off' && { ner }),
    ...(pdd !== 'off' && { pdd }),
    ...(rising !== 'off' && { rising }),
  };
}

function compileReceiver(name: string, text: AlertsText['receivers'][string]): AlertReceiver {
  const { only, least, timeout } = text;
  return {
    ...{ name, way: wayOf(text), timeout },
    ...(only !== undefined && { only: [only].flat() as AlertName[] }),
    ...(least !== undefined && { least }),
  };
}

function wayOf(text: AlertsText['receivers'][string]): Way {
  const { webhook, webhook_secret: urlSecret, mail, command } = text;
  if (command) return { kind: 'command', argv: command };
  if (mail) {
    const { server, tls, user, password, from, to } = mail;
    return {
      ...{ kind: 'mail', host: server.host, port: server.port ?? PORTS[tls], tls, from },
      to: [to].flat(),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
    };
  }
  const { template = 'crankback', sign, token, routing_key: routingKey } = text;
  return {
    ...{ kind: 'webhook', template },
    ...(webhook !== undefined && { url: webhook }),
    ...(urlSecret !== undefined && { urlSecret }),
    ...(sign !== undefined && { sign }),
    ...(token !== undefined && { token }),
    ...(routingKey !== undefined && { routingKey }),
  };
}
