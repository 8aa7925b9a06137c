import type { YAMLError } from 'yaml';
import type { Complaint } from '../problems/problems';

/** The library repeats words of the file, however long they are. Characters. */
const LONGEST_MESSAGE = 300;

/** The YAML library's error in our words, with a hint for a usual mistake. */
export function syntaxProblem(error: YAMLError, sourceLine: string): Complaint {
  return {
    finding: error.code === 'BAD_ALIAS' ? 'CB1007' : 'CB1004',
    ...inWords(error, sourceLine),
  };
}

function inWords(error: YAMLError, sourceLine: string): Complaint {
  if (error.code === 'TAB_AS_INDENT') {
    return { message: 'a tab in the indentation', expected: 'Indent with spaces' };
  }
  if (error.code === 'RESOURCE_EXHAUSTION') return { message: 'nested too deeply' };
  if (error.code === 'BAD_ALIAS') {
    return {
      message: 'a value that begins with * is an alias in YAML',
      expected: 'Put it in quotes, such as digits: "*"',
    };
  }
  if (/[:[,-]\s*\{\s*number\s*\}/.test(sourceLine)) {
    return {
      message: 'a value that begins with { is a map in YAML',
      expected: 'Put it in quotes, such as mailbox: "{number}@default"',
    };
  }
  const message = error.message.slice(0, LONGEST_MESSAGE).replace(/\s+/g, ' ');
  return { message: `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}` };
}
