import { answerOf, api } from '../api/client';
import { useAsked } from '../api/use-asked';
import { Ladder } from '../ladder';
import { linkTo, type Place } from '../place';
import { Answered, Facts } from '../parts';
import { useWords } from '../texts/texts';

/** One call: its ladder, and what decided. */
export function Call({ place: { name, filter } }: { readonly place: Place }) {
  const { t, day, of } = useWords();
  const { instance } = filter;
  const asked = useAsked(`call ${name} ${instance ?? ''}`, (signal) =>
    answerOf(
      api.GET('/v1/calls/{call}', {
        signal,
        params: { path: { call: name }, query: instance === undefined ? {} : { instance } },
      }),
    ),
  );
  return (
    <>
      <h1>{asked.data ? t('callTo', asked.data.number) : t('call')}</h1>
      <Answered asked={asked}>
        {(call) => (
          <>
            <Facts
              facts={[
                [t('from'), call.caller ?? '–'],
                [t('time'), day(call.startedAt)],
                [
                  t('result'),
                  call.saved
                    ? of('result', 'saved')
                    : [of('result', call.outcome ?? '–'), call.sip].join(' ').trim(),
                ],
                [
                  t('pbx'),
                  call.instance === undefined ? call.pbx : `${call.pbx} (${call.instance})`,
                ],
                ['Call-ID', call.callerCallId ?? '–'],
                ...(call.traceId === undefined ? [] : [['Trace ID', call.traceId] as const]),
                [t('policy'), call.policies.map(({ hash }) => hash).join(', ') || '–'],
              ]}
            />
            <section aria-labelledby="ladder">
              <h2 id="ladder">{t('ladder')}</h2>
              <Ladder rungs={call.ladder} />
              {call.leftOut > 0 && <p>{t('leftOut', call.leftOut)}</p>}
            </section>
            {call.notes.length > 0 && (
              <section aria-labelledby="notes">
                <h2 id="notes">{t('notes')}</h2>
                <ul>
                  {call.notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </section>
            )}
            <p>
              <a href={linkTo('calls', '', { to: call.number })}>
                {t('calls')}: {call.number}
              </a>
            </p>
          </>
        )}
      </Answered>
    </>
  );
}
