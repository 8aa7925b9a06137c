import type { MediaDescription } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import { isOn } from './streams';

/** ICE and BUNDLE, which a side may offer to one that has neither: seldom the reason. */
export function compareTransport(
  offer: MediaDescription,
  refusal: MediaDescription,
): readonly MediaDifference[] {
  const found: MediaDifference[] = [];
  const [ours, theirs] = [offer, refusal].map(({ streams }) => streams.some(({ ice }) => ice));
  if (ours !== theirs)
    found.push({
      cause: 'ice',
      why: ours
        ? 'we offered ICE and the far side has none'
        : 'the far side has ICE and we offered none',
      remedies: [{ kind: 'ice', on: theirs === true }],
      weak: true,
    });
  const several = refusal.streams.length > 1 && offer.streams.filter(isOn).length > 1;
  const [bundled, takes] = [offer, refusal].map(({ streams }) => streams.some((it) => it.bundled));
  if (several && bundled !== takes)
    found.push({
      cause: 'bundle',
      why: bundled
        ? 'we offered all streams in one bundle (BUNDLE) and the far side has none'
        : 'the far side bundles its streams (BUNDLE) and we did not',
      remedies: [{ kind: 'bundle', on: takes === true }],
      weak: true,
    });
  return found;
}
