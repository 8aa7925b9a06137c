import { shownValue } from '../explain/story/shown';
import { readTrace } from '../explain/traces/read-trace';
import type { Remark, Trace } from '../explain/traces/trace';
import { isCapture } from '../explain/traces/tshark-packets';
import { readInput, TooLarge } from './bounded-input';
import { refused, type TraceErrors } from './refused';
import { readCapture } from './tshark';

/** A call has a few kilobytes, a busy minute a few megabytes. Bytes. */
const LARGEST = 10 * 1000 * 1000;

/**
 * The SIP messages of a file, of a pipe or, as `-`, of standard input; of a capture by tshark.
 * @param file its name in messages
 * @throws Refused with what is wrong and what would be right
 */
export async function traceOf(path: string, file: string, error: TraceErrors): Promise<Trace> {
  let bytes: Buffer;
  try {
    bytes = await readInput(path, LARGEST);
  } catch (thrown) {
    if (thrown instanceof TooLarge)
      throw refused(error.too_large, { file, limit: LARGEST / 1000 / 1000 });
    throw refused(error.unreadable, { file, why: (thrown as Error).message });
  }
  if (isCapture(bytes)) return captured(bytes, file, error);
  const trace = readTrace(bytes);
  if (trace === 'no-sip') throw refused(error.no_sip, { file });
  if (typeof trace === 'string') throw refused(error[trace], { file });
  return trace;
}

function captured(bytes: Buffer, file: string, error: TraceErrors): Trace {
  const result = readCapture(bytes);
  if (result.kind === 'missing') throw refused(error.no_tshark, { file });
  if (result.kind === 'failed') throw refused(error.tshark, { file, why: shownValue(result.why) });
  const { messages, ended } = result;
  if (messages.length === 0) throw refused(error.no_call, { file, line: 1 });
  const remarks: readonly Remark[] =
    ended === undefined
      ? []
      : [{ line: messages.length, kind: 'tshark-ended', values: { said: shownValue(ended) } }];
  return { messages, remarks, unit: 'message' };
}
