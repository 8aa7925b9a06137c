/** Asterisk's times as the policy writes them. */
const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export interface ReadTime {
  readonly window: string;
  /** IANA name; absent: the machine's own. */
  readonly zone?: string;
}

/**
 * `9:00-17:00,mon-fri,*,*`: hours, days of the week, days of the month, months, and a zone. Undefined where the policy has no
 * word for it: days of the month, months, or always.
 */
export function timeOf(text: string): ReadTime | undefined {
  const [hours = '*', days = '*', ofMonth = '*', months = '*', zone = ''] = text
    .split(/[,|]/)
    .map((part) => part.trim());
  if (ofMonth !== '*' || months !== '*') return undefined;
  const when = hours === '*' ? '' : hoursOf(hours);
  const on = days === '*' ? '' : daysOf(days);
  if (when === undefined || on === undefined || (when === '' && on === '')) return undefined;
  const window = [on, when].filter((part) => part !== '').join(' ');
  return { window, ...(zone !== '' && { zone }) };
}

/** The last minute counts in Asterisk: until 17:00 is until 17:01. */
function hoursOf(text: string): string | undefined {
  const [, from, until] = /^(\d{1,2}:\d\d)-(\d{1,2}:\d\d)$/.exec(text) ?? [];
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  if (begin === undefined || end === undefined) return undefined;
  // From a time to the minute before it is the whole day.
  if ((end + 1) % 1440 === begin) return '00:00-24:00';
  return `${clock(begin)}-${clock(end + 1)}`;
}

function minutesOf(text = ''): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes < 1440 && Number(minute) < 60 ? minutes : undefined;
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function daysOf(text: string): string | undefined {
  const parts = text.split('&').map((part) => {
    const ends = part.split('-').map((day) => DAYS[NAMES.indexOf(day.trim().toLowerCase())]);
    return ends.length <= 2 && ends.every((day) => day !== undefined) ? ends.join('-') : undefined;
  });
  return parts.every((part) => part !== undefined) ? parts.join(',') : undefined;
}
