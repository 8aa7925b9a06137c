import type { Evidence } from '../../model/failure';
import { bodyRefusal, type BodyRefusal } from '../../normalize/body-type';
import type { MediaDifference } from '../media-difference';

/** A refusal of the body's type or encoding (415, 406); undefined if it is about the session. */
export function compareBodies(evidence: readonly Evidence[]): MediaDifference | undefined {
  for (const source of evidence) {
    const refusal = bodyRefusal(source);
    if (refusal) return difference(refusal);
  }
  return undefined;
}

function difference({ sent, taken, refused }: BodyRefusal): MediaDifference {
  const ours = sent?.types.join(', ') ?? 'an unknown body';
  if (refused.length === 0)
    return {
      cause: 'body-type',
      why: `the far side does not take the encoding of our body, ${sent?.encoding ?? ''}: it takes ${list(taken.encodings ?? [])}`,
      remedies: [],
    };
  const takes = taken.types
    ? `it takes bodies of ${list(taken.types)}`
    : 'it does not say which types it takes';
  // A multipart body goes with its last part beside the session description.
  const parts = (sent?.types ?? []).filter((type) => !isKept(type));
  return {
    cause: 'body-type',
    why: `the far side refuses the type of our body, not its codecs: our INVITE carried ${ours}, and ${takes}`,
    remedies: parts.length > 0 ? [{ kind: 'without-body', types: parts }] : [],
  };
}

function isKept(type: string): boolean {
  return type === 'application/sdp' || type.startsWith('multipart/');
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(', ');
}
