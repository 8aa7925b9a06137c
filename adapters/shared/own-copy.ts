/**
 * A copy of plain data that shares no memory with the original. V8 keeps all of a long text for a piece of it, so a
 * number out of a message would keep the message for as long as the call lasts.
 */
export function ownCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
