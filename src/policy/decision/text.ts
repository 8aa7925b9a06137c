import { codecText } from '../../codecs/registry';
import type { Decision } from './decision';
import type { Position } from '../policy-data';

/** The outcome of a decision in a few words, for logs and ladders. */
export function outcomeText({ outcome }: Pick<Decision, 'outcome'>): string {
  switch (outcome.kind) {
    case 'dial':
      return [
        `dial ${outcome.trunk}`,
        outcome.delayMs === undefined ? '' : ` after ${outcome.delayMs / 1000} s`,
        outcome.codecs === undefined
          ? ''
          : ` with codecs ${outcome.codecs.map(codecText).join(',')}`,
      ].join('');
    case 'redirect':
      return `redirect ${outcome.trunk}`;
    case 'voicemail': {
      const { mailbox, location, greeting } = outcome;
      const where = mailbox ?? (location ? `${location.extension}@${location.context}` : '');
      return `voicemail ${where} ${greeting}`;
    }
    case 'announce':
      return `announce ${outcome.play}${outcome.answer ? ' answered' : ''}, then ${outcome.sip}`;
    case 'relay': {
      const { sip, phrase, retryAfter } = outcome;
      const after = retryAfter === undefined ? '' : `, retry after ${retryAfter / 1000} s`;
      return `relay ${sip}${phrase === undefined ? '' : ` ${phrase}`}${after}`;
    }
  }
}

/** `policy.yaml:14` */
export function positionText({ file, line }: Position): string {
  return `${file}:${line}`;
}
