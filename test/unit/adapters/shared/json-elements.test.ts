import fc from 'fast-check';
import { piecesOf, readElements } from '../../../../adapters/shared/json-elements';

async function elementsOf(pieces: Iterable<string>) {
  const elements: unknown[] = [];
  const found = await readElements(pieces, (element) => elements.push(element));
  return found ? elements : undefined;
}

/** Cut at every one of these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index]));
}

describe('the elements of a list', () => {
  it('are what JSON.parse finds, wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(undefined, 1, '\t'),
        async (list, places, space) => {
          const expected = JSON.parse(JSON.stringify(list)) as unknown;
          expect(await elementsOf(cutAt(JSON.stringify(list, null, space), places))).toEqual(
            expected,
          );
          const rows = JSON.stringify(
            { row_count: list.length, 'a[': '\\"[', rows: list },
            null,
            space,
          );
          expect(await elementsOf(cutAt(rows, places))).toEqual(expected);
        },
      ),
    );
  });

  it.each(['', 'null', '{}', '{"row_count":0}', '"[1]"', 'No such command'])(
    'are none in %j',
    async (text) => {
      expect(await elementsOf([text])).toBeUndefined();
    },
  );

  it.each(['[', '[1', '[1,', '{"rows":[{"a":1}', '[1,,2]', '[1,]', '[a]', '[{"a":1]', '["a'])(
    'are no list in %j',
    async (text) => {
      await expect(elementsOf([text])).rejects.toThrow(SyntaxError);
    },
  );

  it('that are too long end it, before all of them is there', async () => {
    let read = 0;
    const endless = function* () {
      for (yield '["'; read < 1000; read++) yield 'x'.repeat(10_000);
    };
    await expect(elementsOf(endless())).rejects.toThrow('an element of more than 65536 characters');
    expect(read).toBeLessThan(10);
  });

  it('are read in many turns', async () => {
    let turns = 0;
    let counting = true;
    const count = () => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const text = JSON.stringify(Array.from({ length: 5_000 }, () => 'x'.repeat(1000)));
    expect(await elementsOf(piecesOf(text))).toHaveLength(5_000);
    counting = false;
    expect(turns).toBeGreaterThan(250);
  });
});
