import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readScenarioFolder } from '../../../lab/runner/scenario/folder';
import { scenarioFrom } from '../../../src/cli/scenario';

/** What the journal said of calls of a real Asterisk, recorded by test/lab/scenarios-of-calls.ts. */
const RECORDED = join(__dirname, 'recorded');
const names = readdirSync(RECORDED).map((file) => file.replace('.json', ''));
const folder = mkdtempSync(join(tmpdir(), 'crankback-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the scenario of a recorded call, and reads it as the lab does. */
function written(name: string) {
  const answer = JSON.parse(readFileSync(join(RECORDED, `${name}.json`), 'utf8')) as unknown;
  const { scenario, differences } = scenarioFrom(answer, name);
  const place = join(folder, name);
  for (const [file, text] of scenario.files) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), text);
  }
  const [loaded] = readScenarioFolder(place).scenarios;
  return { scenario, differences, loaded: loaded! };
}

describe('the scenario of a recorded call', () => {
  it.each(names)('%s', (name) => {
    const { differences, loaded, scenario } = written(name);
    console.log([...scenario.files].map(([f,t])=>`== ${f}\n${t}`).join('\n'), scenario.notes);
    expect(differences).toEqual([]);
    expect(loaded.name).toBe(name);
  });
});
