import { chooseReoffer } from '../../codecs/reoffer';
import { intersection } from '../../codecs/registry';
import type { Dial, Leg, Refusal } from '../decision/decision';
import { needs, type Needs } from '../facts';
import type { Reoffer } from '../policy-data';
import type { DecisionContext } from '../decision/context';
import { failedTrunk } from '../situation';

/** Codecs to offer a trunk; absent: as it is configured. */
export type Offer = Pick<Dial, 'codecs' | 'reoffer'>;

/** The one reoffer that a hunt makes to a trunk, or why there is none. */
export function reoffer(
  { codecs: wanted, learn }: Reoffer,
  context: DecisionContext,
): Offer | Refusal | Needs {
  const { hunt, failure, unknown } = context;
  const trunk = failedTrunk(context);
  const made = hunt.attempts.filter((past) => past.trunk === trunk && past.reoffered).length;
  if (made === 0 && unknown.has('media')) return needs(['media']);
  const { evidence } = failure;
  const choice = chooseReoffer({ wanted, evidence, available: hunt.codecs ?? [], made });
  if ('none' in choice) return choice.none;
  return { codecs: choice.codecs, reoffer: { learn: learn ?? false } };
}

/** The trunk's learned offer, as far as this call's PBX has its codecs. */
export function learnedOffer(
  { trunk }: Leg,
  { hunt, trunks, now }: Pick<DecisionContext, 'hunt' | 'trunks' | 'now'>,
): Offer {
  const learned = trunks.offer(trunk, now);
  const codecs = learned && intersection(learned, hunt.codecs ?? []);
  return codecs && codecs.length > 0 ? { codecs } : {};
}
