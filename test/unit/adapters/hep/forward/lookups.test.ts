import { Lookups } from '../../../../../adapters/hep/forward/lookups';
import { until } from '../../../../doubles/until';

it('one name is looked up after the other, also after one that is not found', async () => {
  const asked: string[] = [];
  const answers: ((address: string | Error) => void)[] = [];
  const lookups = new Lookups((name) => {
    asked.push(name);
    return new Promise((resolve, reject) =>
      answers.push((answer) => (typeof answer === 'string' ? resolve(answer) : reject(answer))),
    );
  });
  const found = ['a.example', 'b.example', 'c.example'].map((name) => lookups.addressOf(name));
  const [first, second, third] = found;
  const asks = (count: number) => until(() => asked.length >= count);
  await asks(1);
  expect(asked).toEqual(['a.example']);
  answers[0]?.('192.0.2.1');
  expect(await first).toBe('192.0.2.1');
  await asks(2);
  expect(asked).toEqual(['a.example', 'b.example']);
  answers[1]?.(new Error('ENOTFOUND'));
  await expect(second).rejects.toThrow('ENOTFOUND');
  await asks(3);
  answers[2]?.('192.0.2.3');
  expect(await third).toBe('192.0.2.3');
});

it('an address is nothing to look up', async () => {
  const lookups = new Lookups(() => Promise.reject(new Error('asked')));
  expect(await lookups.addressOf('192.0.2.1')).toBe('192.0.2.1');
  expect(await lookups.addressOf('2001:db8::1')).toBe('2001:db8::1');
});
