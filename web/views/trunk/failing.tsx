import { answerOf, api, type Schema } from '../../api/client';
import { useAsked } from '../../api/use-asked';
import { useWords } from '../../texts/texts';
import { SOMETIMES_MS } from './often';

const LONG_MS = 7 * 86_400_000;

/** Of a busy trunk only the latest attempts are looked at: where none was answered, it began before them, perhaps. */
export function Failing({
  told: { failingSince, answered, more },
}: {
  readonly told: Schema['TrunkFailures'];
}) {
  const { t, day } = useWords();
  if (failingSince === undefined) return null;
  const text = more && answered === 0 ? 'failingSinceAtLeast' : 'failingSince';
  return (
    <p class="bad">
      <span aria-hidden="true">✗</span> {t(text, day(failingSince))}
    </p>
  );
}

/** Nothing was answered in the whole period, so it began before, perhaps. */
export function FailingForLong({
  trunk,
  told,
}: {
  readonly trunk: string;
  readonly told: Schema['TrunkFailures'];
}) {
  const asked = useAsked(
    `failing ${trunk}`,
    (signal) => {
      const query = { since: new Date(Date.now() - LONG_MS).toISOString() };
      const params = { path: { trunk }, query };
      return answerOf(api.GET('/v1/trunks/{trunk}/failures', { signal, params }));
    },
    SOMETIMES_MS,
  );
  return <Failing told={asked.data?.failingSince === undefined ? told : asked.data} />;
}
