// Three projects: `unit` is pure and needs nothing; `system` starts a PostgreSQL (and Redis) of its own; `faults` kills and
// stops processes and servers of its own for minutes, so it is there only when FAULTS says in which form: long or short.
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const ownServer = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};
const faults = {
  ...shared,
  ...ownServer,
  displayName: 'faults',
  testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'],
};

export default {
  // System tests start servers and processes; a slow machine is no failure.
  testTimeout: process.env.FAULTS ? 900_000 : 60_000,
  // Figures of the long form of the faults are to be read: one at a time. Everything else waits more than it computes, so that each
  // core gets a worker; jest alone would leave one of two idle.
  maxWorkers: process.env.FAULTS && process.env.FAULTS !== 'short' ? 1 : '100%',
  // Modules of finished files stay in memory (ESM in node:vm).
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'system',
      testMatch: [
        '<rootDir>/test/integration/**/*.int-spec.ts',
        '<rootDir>/test/e2e/**/*.e2e-spec.ts',
        '<rootDir>/test/scenarios/**/*.scenario-spec.ts',
      ],
      ...ownServer,
    },
    ...(process.env.FAULTS ? [faults] : []),
  ],
};
