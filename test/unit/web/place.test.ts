import { linkTo, placeOf } from '../../../web/place';

describe('a place of the dashboard', () => {
  it.each([
    ['', { view: 'now', name: '', filter: {} }],
    ['#/nowhere', { view: 'now', name: '', filter: {} }],
    [
      '#/calls?result=saved&to=%2B49*',
      { view: 'calls', name: '', filter: { result: 'saved', to: '+49*' } },
    ],
    ['#/trunk/a%20b?span=24h', { view: 'trunk', name: 'a b', filter: { span: '24h' } }],
    ['#/call/%zz', { view: 'call', name: '%zz', filter: {} }],
  ])('%j is read', (hash, place) => expect(placeOf(hash)).toEqual(place));

  it.each(['a/b', 'a?b=c', '#', '<script>', '통신사', '%', 'a b'])(
    'is a link whatever its name: %j',
    (name) => {
      const filter = { trunk: name };
      expect(placeOf(linkTo('call', name, filter))).toEqual({ view: 'call', name, filter });
    },
  );

  it('leaves out what is empty', () => expect(linkTo('calls', '', { to: '' })).toBe('#/calls'));
});
