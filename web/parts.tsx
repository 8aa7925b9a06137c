import type { ComponentChildren } from 'preact';
import type { Refusal } from './api/client';
import type { Asked } from './api/use-asked';
import { linkTo } from './place';
import { useWords } from './texts/texts';

const SIGNS: Readonly<Record<string, string>> = { closed: '✓', 'half-open': '◐', held: '■' };

/** A trunk's state as a sign and a word: never by colour alone. */
export function Phase({ phase }: { readonly phase: string }) {
  const { of } = useWords();
  return (
    <span class={`phase ${phase}`}>
      <span aria-hidden="true">{SIGNS[phase] ?? '?'}</span> {of('phase', phase)}
    </span>
  );
}

/** A moment: the hour today, otherwise with its day. */
export function At({ time }: { readonly time: string }) {
  const { clock, day } = useWords();
  const isToday = new Date(time).toDateString() === new Date().toDateString();
  return <time dateTime={time}>{isToday ? clock(time) : day(time)}</time>;
}

export function TrunkLink({ trunk }: { readonly trunk: string }) {
  return <a href={linkTo('trunk', trunk)}>{trunk}</a>;
}

/** A sentence; an answer without a problem in it, a 408 of a proxy for example, is none. */
export function RefusalText({ refusal }: { readonly refusal: Refusal }) {
  const { t } = useWords();
  const { status, title, detail } = refusal;
  const silent = status === 0 ? t('unreachable') : `${t('unreachable')} (HTTP ${status})`;
  const text = [title || silent, detail].filter((part) => part !== '').join(': ');
  return <>{/[.!?]$/.test(text) ? text : `${text}.`}</>;
}

/** What is asked, once it is there; before, why not. What was there stays where a later question fails. */
export function Answered<Data>({
  asked: { data, refusal },
  children,
}: {
  readonly asked: Asked<Data>;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { t } = useWords();
  return (
    <>
      {refusal && (
        <p class="refusal" role="status">
          <RefusalText refusal={refusal} /> {data !== undefined && t('stale')}
        </p>
      )}
      {data === undefined ? !refusal && <p class="quiet">{t('loading')}</p> : children(data)}
    </>
  );
}

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

/** On a narrow screen each row is a card, whose cells carry their heads; the roles keep it a table. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}) {
  const { t } = useWords();
  if (rows.length === 0) return <p class="quiet">{t('nothing')}</p>;
  return (
    <table class="list" role="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, isNumber }) => (
            <th key={head} scope="col" role="columnheader" class={isNumber ? 'number' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ head, cell, isNumber }, index) =>
              index === 0 ? (
                <th key={head} scope="row" role="rowheader" data-head={head}>
                  {cell(row)}
                </th>
              ) : (
                <td key={head} role="cell" data-head={head} class={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Names with their values. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [string, ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
