import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../../../lab/docs/document';
import { apiPage, documentText } from '../../../../lab/docs/page';
import { apiTypes } from '../../../../lab/docs/types';
import { EVENT_KINDS } from '../../../../src/http/v1/schemas/event';
import { serveV1 } from '../../../doubles/v1';

const ROOT = join(__dirname, '../../../..');
const docs = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');

describe('the OpenAPI document', () => {
  it('is that of docs/openapi.json: npm run docs', async () => {
    expect(docs('openapi.json')).toBe(documentText(await openApiDocument()));
  });

  it('is told by docs/api.md: npm run docs', async () => {
    expect(docs('api.md')).toBe(apiPage(await openApiDocument()));
  });

  it('is that of the dashboard’s types: npm run docs', () => {
    const types = readFileSync(join(ROOT, 'web/api/v1.d.ts'), 'utf8');
    expect(types).toBe(apiTypes(ROOT, docs('openapi.json')));
  });

  it('is valid OpenAPI 3.1', () => {
    // In a process of its own: the validator is an ES module.
    const program = `
      import { Validator } from '@seriousme/openapi-schema-validator';
      const { valid, errors } = await new Validator().validate('docs/openapi.json');
      console.log(JSON.stringify({ valid, errors }));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toEqual({ valid: true });
  });

  it('is served without a token', async () => {
    const { get } = serveV1({ tokens: { read: 'a-token-to-read-with' } });
    const { status, body } = await get('/v1/openapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(await openApiDocument());
  });

  it('names every kind of event, and each operation once', async () => {
    const { components, paths } = await openApiDocument();
    expect(components?.schemas?.['Event']).toMatchObject({
      properties: { kind: { enum: [...EVENT_KINDS] } },
    });
    const ids = Object.values(paths ?? {}).flatMap((item) =>
      [item?.get, item?.post].flatMap((operation) => operation?.operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(24);
  });
});
