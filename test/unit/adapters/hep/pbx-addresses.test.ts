import { PbxAddresses } from '../../../../adapters/hep/pbx-addresses';
import { CARRIER, PBX } from '../../../doubles/sip';

const TCP = { ipProtocol: 6, transport: 'TCP' };
const ANY = { address: '0.0.0.0', port: 5060 };

function directions(source: typeof PBX, destination: typeof PBX) {
  const addresses = new PbxAddresses();
  addresses.tell('pbx', [PBX]);
  addresses.learn({ source: { address: '192.0.2.9', port: 1 }, destination: CARRIER, ...TCP });
  return {
    byAddress: addresses.directionByAddress({ source, destination }),
    udp: addresses.directionOf({ source, destination, ipProtocol: 17 }),
    tcp: addresses.directionOf({ source, destination, ...TCP }),
  };
}

describe('direction by the addresses alone', () => {
  it.each([
    ['sent', PBX, CARRIER],
    ['received', CARRIER, PBX],
  ])('%s is what every transport says', (direction, source, destination) => {
    expect(directions(source, destination)).toEqual({
      byAddress: direction,
      udp: direction,
      tcp: direction,
    });
  });

  it.each([
    ['the PBX calls itself', PBX, PBX],
    ['one end may be another socket of the PBX, by TCP', PBX, { address: '192.0.2.9', port: 2 }],
    ['only by TCP it is the PBX’s', { address: '192.0.2.9', port: 2 }, CARRIER],
    ['the PBX mirrors its own end as unspecified', ANY, CARRIER],
    ['both ends may be the PBX', ANY, PBX],
    ['neither end is known', CARRIER, CARRIER],
  ])('is not said where %s', (_, source, destination) => {
    expect(directions(source, destination).byAddress).toBe('unknown');
  });
});
