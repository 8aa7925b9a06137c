/** The token that the reader gave: kept for this tab until it is closed, and nowhere else. */
const KEY = 'crankback-token';

export function givenToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function keepToken(token: string): void {
  if (token === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

export function authorization(): Record<string, string> {
  const token = givenToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
