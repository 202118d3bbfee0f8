/** House rules. Each name is quoted in docs/ARCHITECTURE.md; change both together. */
// Left may import right, never the reverse.
const ORDER = [
  'targets',
  'reciprocity',
  'staff',
  'overlap',
  'reports',
  'settlements',
  'uplift',
  'credits',
  'erasures',
  'reconciliation',
  'attribution',
  'redemptions',
  'receipts',
  'touches',
  'codes',
  'hold-out',
  'campaigns',
  'partners',
  'rates',
];
const FEATURES = ORDER.join('|');
const PERSISTENCE = [
  '\\.entity\\.ts$',
  '\\.repository\\.ts$',
  '\\.read-model\\.ts$',
  '^src/platform/database/',
];
const QUEUE = ['\\.processor\\.ts$', '\\.producer\\.ts$', '^src/platform/queue/'];
// A feature may be entered from outside only through these files.
const FRONT_DOORS = [
  '\\.module\\.ts$',
  '\\.read-model\\.ts$',
  '\\.commands\\.ts$',
  '\\.events\\.ts$',
  '/domain/[^/]+\\.ts$',
];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'Attribution, money and metric maths run without Nest, TypeORM, Redis or a clock.',
      from: { path: ['^src/kernel/', '^src/[^/]+/domain/'], pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/kernel/', '^src/[^/]+/domain/', '(^|/)node_modules/temporal-'] },
    },
    {
      name: 'kernel-is-a-leaf',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/kernel/', '(^|/)node_modules/temporal-'] },
    },
    {
      // A spec stands beside its code and may share builders with the tests of the whole.
      name: 'src-does-not-import-test',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: `^src/(${FEATURES}|demo)/` },
    },
    {
      name: 'enter-features-by-the-front-door',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/` },
      to: { path: `^src/(${FEATURES})/`, pathNot: ['^src/$1/', ...FRONT_DOORS] },
    },
    {
      name: 'demo-comes-through-the-public-api',
      severity: 'error',
      comment: 'The demo is a client: it may use the text table of reports, never a service or the database.',
      from: { path: '^src/demo/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/demo/',
          '^src/kernel/',
          '^src/[^/]+/domain/',
          '^src/platform/config/',
          '^src/start-application\\.ts$',
        ],
      },
    },
    {
      name: 'typeorm-stays-in-persistence',
      severity: 'error',
      from: { path: '^src/', pathNot: [...PERSISTENCE, '\\.spec\\.ts$'] },
      to: { path: '(^|/)node_modules/typeorm/' },
    },
    {
      name: 'bullmq-stays-in-queue-files',
      severity: 'error',
      from: { path: '^src/', pathNot: QUEUE },
      to: { path: '(^|/)node_modules/bullmq/' },
    },
    {
      name: 'ioredis-stays-in-platform',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/queue/'] },
      to: { path: '(^|/)node_modules/ioredis/' },
    },
    {
      name: 'controllers-do-not-touch-persistence',
      severity: 'error',
      from: { path: ['\\.controller\\.ts$', '\\.processor\\.ts$'] },
      to: { path: ['\\.repository\\.ts$', '\\.entity\\.ts$'] },
    },
    {
      name: 'transport-does-not-leak-inwards',
      severity: 'error',
      from: { path: ['\\.service\\.ts$', '\\.repository\\.ts$', '\\.entity\\.ts$', '/domain/'] },
      to: { path: ['\\.dto\\.ts$', '\\.controller\\.ts$', '\\.processor\\.ts$'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['^src/main\\.ts$', '\\.spec\\.ts$', '\\.d\\.ts$', '^(migrations|bench|test)/'],
      },
      to: {},
    },
    ...ORDER.flatMap((feature, rank) =>
      rank === 0
        ? []
        : [
            {
              name: `${feature}-does-not-look-up`,
              severity: 'error',
              from: { path: `^src/${feature}/` },
              to: { path: `^src/(${ORDER.slice(0, rank).join('|')})/` },
            },
          ],
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
