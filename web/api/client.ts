import createClient from 'openapi-fetch';
import { authorization } from './token';
import type { components, paths } from './v1';

export type Schema = components['schemas'];

/** Nothing else than the documented API; relative, for a proxy that shows the service below a path of its own. */
export const api = createClient<paths>({ baseUrl: '..' });
api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
    return request;
  },
});

/** Why there is no answer. */
export interface Refusal {
  /** HTTP status; 0 where the service was not reached. */
  readonly status: number;
  /** Empty where the answer is not one of ours. */
  readonly title: string;
  readonly detail: string;
}

export type Answer<Data> = { readonly data: Data } | { readonly refusal: Refusal };

interface Fetched<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** Never rejects but for a request that was aborted. */
export async function answerOf<Data>(asked: Promise<Fetched<Data>>): Promise<Answer<Data>> {
  try {
    const { data, error, response } = await asked;
    if (data !== undefined) return { data };
    return { refusal: refusalOf(error, response) };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const detail = error instanceof Error ? error.message : '';
    return { refusal: { status: 0, title: '', detail } };
  }
}

/** @param error the body: a problem, or whatever a proxy says */
function refusalOf(error: unknown, { status }: Response): Refusal {
  const problem = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Schema['Problem']
  >;
  const errors = (problem.errors ?? []).map(({ name, detail }) => `${name}: ${detail}`);
  const detail = [problem.detail, ...errors].filter((text) => text !== undefined).join('; ');
  return { status, title: problem.title ?? '', detail };
}
