import type { ComponentChildren } from 'preact';
import type { Schema } from './api/client';
import { useWords } from './texts/texts';

type Rung = Schema['Rung'];
type Decision = Schema['Decision'];
type Failure = Schema['Failure'];
type Media = Schema['MediaStory'];

interface Sizes {
  /** Between two sides of the drawing. */
  readonly lane: number;
  readonly edge: number;
  /** Of their names, which are slanted where there is little room. */
  readonly head: number;
  readonly isSlanted: boolean;
}

const WIDE: Sizes = { lane: 56, edge: 26, head: 18, isSlanted: false };
const NARROW: Sizes = { lane: 20, edge: 12, head: 46, isSlanted: true };

/** More trunks share the last lane. */
const MOST_LANES = 4;

/** A call as a ladder: at the left the sides with what went between them, at the right what it was. */
export function Ladder({ rungs }: { readonly rungs: readonly Rung[] }) {
  const { t } = useWords();
  const trunks = [...new Set(rungs.flatMap((rung) => trunkOf(rung) ?? []))];
  const lanes = Math.min(trunks.length, MOST_LANES) + 2;
  const lane = (trunk: string | undefined): number =>
    trunk === undefined ? 0 : Math.min(trunks.indexOf(trunk), MOST_LANES - 1) + 2;
  const sizes = matchMedia('(max-width: 50rem)').matches ? NARROW : WIDE;
  const { lane: apart, edge, head, isSlanted } = sizes;
  const width = edge * 2 + apart * (lanes - 1);
  const names = [t('caller'), 'PBX', ...trunks.slice(0, MOST_LANES)];
  return (
    <div class="ladder">
      <svg class="heads" width={width} height={head} aria-hidden="true">
        {names.map((name, index) => {
          const [x, y] = [edge + apart * index, head - 5];
          return (
            <text
              key={name}
              {...{ x, y }}
              text-anchor={isSlanted ? 'start' : 'middle'}
              transform={isSlanted ? `rotate(-45 ${x} ${y})` : undefined}
            >
              {name.length > 9 ? `${name.slice(0, 8)}…` : name}
            </text>
          );
        })}
      </svg>
      <ol>
        {rungs.map((rung, index) => (
          <li key={index} class={`rung ${rung.kind}`}>
            <Lines {...{ width, lanes, sizes }} arrow={arrowOf(rung, lane)} />
            <div class="told">
              <span class="seconds">{rung.seconds.toFixed(3)} s</span> <Told rung={rung} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function trunkOf(rung: Rung): string | undefined {
  return rung.kind === 'decision' ? rung.decision.outcome.trunk : rung.trunk;
}

interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly kind: 'good' | 'bad' | 'plain';
}

/** A decision acts within the PBX; what ends the call goes to the caller. */
function arrowOf(rung: Rung, lane: (trunk: string) => number): Arrow | undefined {
  switch (rung.kind) {
    case 'wire':
      return rung.direction === 'sent'
        ? { from: 1, to: lane(rung.trunk), kind: 'plain' }
        : { from: lane(rung.trunk), to: 1, kind: 'plain' };
    case 'failed':
      return { from: lane(rung.trunk), to: 1, kind: 'bad' };
    case 'answered':
      return { from: lane(rung.trunk), to: 0, kind: 'good' };
    case 'decision':
      return rung.decision.outcome.kind === 'dial' || rung.decision.outcome.kind === 'redirect'
        ? undefined
        : { from: 1, to: 0, kind: 'bad' };
    case 'untried':
      return undefined;
  }
}

/** The sides as lines through the whole height, whatever stands beside them; the arrow at the first line of text. */
function Lines({
  width,
  lanes,
  sizes,
  arrow,
}: {
  readonly width: number;
  readonly lanes: number;
  readonly sizes: Sizes;
  readonly arrow: Arrow | undefined;
}) {
  const x = (index: number): number => sizes.edge + sizes.lane * index;
  return (
    <div class="lines" aria-hidden="true">
      <svg class="sides" width={width} height="100%">
        {Array.from({ length: lanes }, (_, index) => (
          <line key={index} x1={x(index)} x2={x(index)} y1="0" y2="100%" />
        ))}
      </svg>
      <svg class="arrow" viewBox={`0 0 ${width} 20`} width={width} height={20}>
        {arrow ? (
          <path
            class={arrow.kind}
            d={`M${x(arrow.from)} 11H${x(arrow.to)}m${arrow.to > arrow.from ? -6 : 6} -4l${arrow.to > arrow.from ? 6 : -6} 4l${arrow.to > arrow.from ? -6 : 6} 4`}
          />
        ) : (
          <circle cx={x(1)} cy={11} r={4} />
        )}
      </svg>
    </div>
  );
}

function Told({ rung }: { readonly rung: Rung }) {
  const { t } = useWords();
  switch (rung.kind) {
    case 'wire':
      return (
        <span>
          {rung.direction === 'sent' ? '→' : '←'} {rung.trunk}: {rung.said}
        </span>
      );
    case 'failed':
      return (
        <span>
          <strong>
            <span aria-hidden="true">✗</span> ← {rung.trunk}: {rung.said}
          </strong>{' '}
          <FailureText failure={rung.failure} />
          {rung.media && <MediaText media={rung.media} />}
        </span>
      );
    case 'answered':
      return (
        <strong>
          <span aria-hidden="true">✓</span> ← {rung.trunk}:{' '}
          {t(rung.assumed ? 'isAssumed' : 'isAnswered')}
        </strong>
      );
    case 'untried':
      return (
        <span>
          {rung.trunk}: {t('untried')}
        </span>
      );
    case 'decision':
      return <DecisionText decision={rung.decision} />;
  }
}

function FailureText({ failure }: { readonly failure: Failure }) {
  const { t, seconds } = useWords();
  const { class: name, fault, q850, afterSeconds, retryAfterSeconds, reasons = [], list } = failure;
  const parts = [
    name,
    t('fault', fault),
    ...(q850 === undefined ? [] : [`Q.850 ${q850}`]),
    ...(afterSeconds === undefined ? [] : [t('after', afterSeconds)]),
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After ${seconds(retryAfterSeconds)}`]),
    ...(list === undefined ? [] : [list]),
    ...reasons,
  ];
  return <span class="note">{parts.join(' · ')}</span>;
}

function MediaText({ media }: { readonly media: Media }) {
  const { t } = useWords();
  const codecs = (list: readonly string[] | undefined): string =>
    list === undefined ? t('unknown') : list.join(', ') || t('none');
  return (
    <div class="media" role="group" aria-label={t('mediaStory')}>
      <strong>{t('mediaStory')}</strong>: {media.why}
      <dl>
        <dt>{t('offered')}</dt>
        <dd>{codecs(media.offered)}</dd>
        <dt>{t('accepts')}</dt>
        <dd>{codecs(media.accepts)}</dd>
        <dt>{t('common')}</dt>
        <dd>{codecs(media.common)}</dd>
      </dl>
      {media.warnings.length > 0 && (
        <p>
          {t('warnings')}: {media.warnings.join('; ')}
        </p>
      )}
      {!media.mirrored && <p class="note">{t('notMirrored')}</p>}
    </div>
  );
}

function DecisionText({ decision }: { readonly decision: Decision }) {
  const { t, of, seconds } = useWords();
  const { text, why, rule, source, refused, passedOver = [], tried = [], hold, alert } = decision;
  const lines: ComponentChildren[] = [
    ...refused.map((one) => t('refused', one.treatment, one.why)),
    ...passedOver.map((one) => t('passedOver', one.trunk, one.why)),
    ...(hold ? [t('heldTrunk', hold.trunk, seconds(hold.seconds))] : []),
    ...(alert === undefined ? [] : [alert]),
  ];
  return (
    <div class="decision">
      <strong>
        <span aria-hidden="true">⇒</span> {text}
      </strong>{' '}
      <span class="note">{why}</span>
      {rule && (
        <div class="rule">
          <code>
            {rule.file}:{rule.line}
          </code>{' '}
          {source !== undefined && <span class="note">{of('source', source)}</span>}
          {rule.text !== undefined && <pre tabIndex={0}>{rule.text.trim()}</pre>}
        </div>
      )}
      {lines.length > 0 && (
        <ul>
          {lines.map((line, index) => (
            <li key={index}>{line}</li>
          ))}
        </ul>
      )}
      {tried.length > 0 && (
        <details>
          <summary>{t('tried', tried.length)}</summary>
          <ul>
            {tried.map((one, index) => (
              <li key={index}>
                <code>
                  {one.file}:{one.line}
                </code>{' '}
                {one.text !== undefined && <code>{one.text.trim()}</code>}{' '}
                {t('notMatched', one.key, one.had)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
