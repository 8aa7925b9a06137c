import {
  describePlan,
  planProvisioning,
  type MachineFacts,
  type Step,
} from '../../../../lab/provision/plan';

const provisioned: MachineFacts = {
  isRoot: false,
  hasApt: true,
  engine: { version: '28.0.0' },
  dockerHost: undefined,
  hasDockerClient: true,
  hasDockerd: true,
  runsSystemd: true,
  hasIptables: true,
  hasMmdebstrap: true,
  hasCertificates: true,
  hasDebianKeyring: true,
  answeringPlugins: ['compose', 'buildx'],
  hasBaseImage: true,
};

const bareDebian: MachineFacts = {
  ...provisioned,
  isRoot: true,
  engine: { trouble: 'spawn docker ENOENT' },
  hasDockerClient: false,
  hasDockerd: false,
  runsSystemd: false,
  hasIptables: false,
  hasMmdebstrap: false,
  hasCertificates: false,
  answeringPlugins: [],
  hasBaseImage: false,
};

const stepsOf = (facts: MachineFacts): readonly Step[] => planProvisioning(facts).steps;
const obstaclesOf = (facts: MachineFacts): string => planProvisioning(facts).obstacles.join('\n');

describe('planProvisioning', () => {
  test('leaves a machine alone that has everything', () => {
    expect(planProvisioning(provisioned)).toEqual({ steps: [], obstacles: [] });
  });

  test('brings a bare Debian all the way, through apt once', () => {
    expect(stepsOf(bareDebian)).toEqual([
      {
        kind: 'install-packages',
        packages: ['docker.io', 'iptables', 'mmdebstrap', 'ca-certificates'],
        whereTheyExist: ['docker-cli'],
      },
      { kind: 'start-engine', by: 'hand' },
      { kind: 'unpack-plugins', plugins: ['compose', 'buildx'] },
      { kind: 'get-base-image', packagesToMakeIt: [] },
    ]);
  });

  test('only starts an engine that is installed but not running', () => {
    const facts = { ...provisioned, isRoot: true, engine: { trouble: 'cannot connect' } };
    expect(stepsOf(facts)).toEqual([{ kind: 'start-engine', by: 'systemd' }]);
    expect(stepsOf({ ...facts, hasApt: false })).toEqual([{ kind: 'start-engine', by: 'systemd' }]);
  });

  test('installs only the client where the engine is there without one', () => {
    const facts = { ...bareDebian, hasDockerd: true, hasIptables: true };
    expect(stepsOf(facts)[0]).toEqual({
      kind: 'install-packages',
      packages: [],
      whereTheyExist: ['docker-cli'],
    });
  });

  test('fetches only the plugin that is missing', () => {
    expect(stepsOf({ ...provisioned, answeringPlugins: ['compose'] })).toEqual([
      { kind: 'unpack-plugins', plugins: ['buildx'] },
    ]);
  });

  test('installs the keyring that verifies what it fetches', () => {
    const facts = { ...provisioned, answeringPlugins: [], hasDebianKeyring: false };
    expect(stepsOf(facts)[0]).toMatchObject({ packages: ['debian-archive-keyring'] });
  });

  test('does without buildx where it cannot be fetched, but not without compose', () => {
    const facts: MachineFacts = { ...provisioned, hasApt: false };
    expect(planProvisioning({ ...facts, answeringPlugins: ['compose'] })).toEqual({
      steps: [],
      obstacles: [],
    });
    expect(obstaclesOf({ ...facts, answeringPlugins: ['buildx'] })).toMatch(/compose plugin/);
  });

  test('leaves mmdebstrap to when no registry has answered', () => {
    expect(stepsOf({ ...provisioned, hasBaseImage: false, hasMmdebstrap: false })).toEqual([
      { kind: 'get-base-image', packagesToMakeIt: ['mmdebstrap'] },
    ]);
  });

  test.each<[string, Partial<MachineFacts>, RegExp]>([
    ['not root', { isRoot: false }, /run this as root.*apt-get install docker\.io/],
    ['not Debian', { hasApt: false }, /no Debian-like system: install Docker/],
    ['an engine elsewhere', { dockerHost: 'tcp://192.0.2.1:2375' }, /unset DOCKER_HOST/],
    [
      'no access',
      { engine: { trouble: 'dial unix: connect: permission denied' } },
      /group "docker"/,
    ],
  ])('takes no step and says what to do: %s', (_name, difference, message) => {
    const facts = { ...bareDebian, ...difference };
    expect(stepsOf(facts)).toEqual([]);
    expect(obstaclesOf(facts)).toMatch(message);
  });
});

describe('describePlan', () => {
  test('names every package before it is installed', () => {
    expect(describePlan(planProvisioning(bareDebian))).toEqual([
      'will install: docker.io, iptables, mmdebstrap, ca-certificates, docker-cli where apt has it (apt)',
      'will start: dockerd (by hand, it stays running afterwards)',
      'will fetch: docker compose and buildx (Debian packages unpacked into .cache/lab, not installed)',
      'will get: base image debian:forky-slim (pulled; if no registry answers, made from the Debian mirror)',
    ]);
  });

  test('says so when there is nothing to do', () => {
    expect(describePlan({ steps: [], obstacles: [] })).toHaveLength(1);
  });
});
