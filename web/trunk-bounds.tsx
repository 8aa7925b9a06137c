import type { Schema } from './api/client';
import { useWords, type Words } from './texts/texts';

type Trunk = Schema['Trunk'];
type Limit = Schema['Limit'];
type Quality = Schema['QualityFigure'];

/** `3 of 10`, with the share of this instance where instances share a limit. */
export function limitText({ inUse, limit, share, instances }: Limit, { t, number }: Words): string {
  if (share === undefined) return t('ofLimit', number(inUse), number(limit));
  const [used, of] = [t('ofLimit', number(inUse), number(share)), number(limit)];
  return t('ofShare', used, of, number(instances ?? 1));
}

export function qualityName({ figure, seconds }: Quality, words: Words): string {
  const length = words.seconds(seconds);
  switch (figure) {
    case 'asr':
      return words.t('asr');
    case 'ner':
      return words.t('ner');
    case 'pdd':
      return words.t('laterThan', length);
    case 'short_calls':
      return words.t('shorterThan', length);
  }
}

/** What was measured, of how many, and where the bound is. */
export function qualityText(seen: Quality, { t, share, number, seconds }: Words): string {
  const { figure, of, bound, minimum, windowSeconds } = seen;
  const isFloor = figure === 'asr' || figure === 'ner';
  const measured = t('measured', share(seen.share), number(of), seconds(windowSeconds));
  const judged = t(isFloor ? 'heldBelow' : 'heldAbove', share(bound));
  return `${measured}; ${judged}${of < minimum ? `; ${t('judgedFrom', number(minimum))}` : ''}`;
}

/** What fills a limit, or this instance's share of it, in the table of all trunks. */
export function InUse({ trunk: { limits = [] } }: { readonly trunk: Trunk }) {
  const words = useWords();
  const { t, number } = words;
  if (limits.length === 0) return <>–</>;
  return (
    <>
      {limits.map((limit) => (
        <div key={limit.counts} title={limitText(limit, words)}>
          <span class={isFull(limit) ? 'bad' : undefined}>
            {t('ofLimit', number(limit.inUse), number(limit.share ?? limit.limit))}
          </span>{' '}
          {limit.counts === 'calls_per_second' && <span class="note">{t('perSecond')}</span>}
        </div>
      ))}
    </>
  );
}

export function FilledLimit({ limit }: { readonly limit: Limit }) {
  return <span class={isFull(limit) ? 'bad' : undefined}>{limitText(limit, useWords())}</span>;
}

/** What is judged of a trunk, in the table of all trunks: with its bound on the trunk's own page. */
export function Judged({ trunk: { quality = [] } }: { readonly trunk: Trunk }) {
  const words = useWords();
  if (quality.length === 0) return <>–</>;
  return (
    <>
      {quality.map((seen) => (
        <div key={seen.figure} title={qualityText(seen, words)}>
          {qualityName(seen, words)} {words.share(seen.share)}
        </div>
      ))}
    </>
  );
}

/** Nothing more goes there from this instance. */
function isFull({ inUse, limit, share = limit }: Limit): boolean {
  return inUse >= share;
}
