import { scalar } from './fields';
import { describe } from '../problems/problems';
import { closest } from '../problems/suggest';

/** An IANA time zone that the runtime knows. */
export const timeZone = scalar<string>(
  'Expected the name of a time zone, such as Europe/Berlin',
  (written) => {
    const name = String(written);
    if (isTimeZone(name)) return { value: name };
    const suggestion = similar(name);
    const message = `unknown time zone ${describe(written)}`;
    return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
  },
);

function isTimeZone(name: string): boolean {
  // A formatter reads all of ICU's dates first: for most names this list is there sooner.
  if (Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    // Offsets such as +01:00 are legal there too, but have no summer time.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** The zone of a city written without its continent, or a zone with a similar name. */
function similar(name: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = name.toLowerCase().replace(/ /g, '_');
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? closest(name, zones);
}
