/** `npm run docs`: the pages of docs/ that are made of tables, recordings and routes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withContract } from '../../adapters/contract-page';
import { carriersPage } from '../../src/explain/carriers-page';
import { reachPage } from '../../src/explain/reach-page';
import { refusalsPage } from '../../src/explain/refusals-page';
import { findingsPage } from '../../src/findings/page';
import { versionsPage } from '../../test/doubles/versions-page';
import { allMetrics } from './all-metrics';
import { openApiDocument } from './document';
import { logLines } from './log-lines';
import { logsPage } from './logs-page';
import { metricsPage } from './metrics-page';
import { apiPage, documentText } from './page';
import { apiTypes } from './types';

const RULES = 'docs/prometheus/crankback.rules.yaml';
const ARCHITECTURE = 'docs/architecture.md';

async function main(): Promise<void> {
  const document = await openApiDocument();
  const pages = {
    'docs/sip-statuses.md': reachPage(),
    'docs/carriers.md': carriersPage(),
    'docs/findings.md': findingsPage(),
    'docs/refusals.md': refusalsPage(),
    'docs/versions.md': versionsPage(),
    'docs/openapi.json': documentText(document),
    'docs/api.md': apiPage(document),
    'docs/logs.md': logsPage(
      logLines('.'),
      readFileSync('docs/logs/rsyslog.conf', 'utf8'),
      readFileSync('docs/logs/loki.alloy', 'utf8'),
    ),
    'docs/metrics.md': await metricsPage(allMetrics(), readFileSync(RULES, 'utf8')),
    'web/api/v1.d.ts': apiTypes(process.cwd(), documentText(document)),
    // The only one that is written by hand around what is made.
    [ARCHITECTURE]: withContract(readFileSync(ARCHITECTURE, 'utf8')),
  };
  for (const [file, text] of Object.entries(pages)) writeFileSync(file, text);
}

void main();
