/** `npm run docs`: docs/openapi.json and docs/api.md, made of the routes. */
import { writeFileSync } from 'node:fs';
import { openApiDocument } from './document';
import { apiPage, documentText } from './page';

async function main(): Promise<void> {
  const document = await openApiDocument();
  writeFileSync('docs/openapi.json', documentText(document));
  writeFileSync('docs/api.md', apiPage(document));
}

void main();
