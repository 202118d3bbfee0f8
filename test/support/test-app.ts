import { randomBytes } from 'node:crypto';
import { readEnvironment } from '../../src/platform/config/environment.js';
import { startApplication } from '../../src/start-application.js';
import { Api } from './api.js';
import { testDatabase } from './test-database.js';

export interface TestApp {
  readonly url: string;
  readonly databaseUrl: string;
  readonly operatorKey: string;
  /** A client with the operator's key. */
  readonly operator: Api;
  stop(): Promise<void>;
}

/** A whole Tandem (API and worker) in this process, on a database of its own. */
export async function testApp(variables: Record<string, string> = {}): Promise<TestApp> {
  const database = await testDatabase();
  const operatorKey = newOperatorKey();
  const environment = readEnvironment({
    DATABASE_URL: database.url,
    OPERATOR_KEY: operatorKey,
    PORT: '0',
    LOG_LEVEL: 'error',
    DEMO: 'off',
    ...variables,
  });
  const application = await startApplication(environment);
  return {
    url: application.url,
    databaseUrl: database.url,
    operatorKey,
    operator: new Api(application.url, operatorKey),
    stop: async () => {
      await application.stop();
      await database.drop();
    },
  };
}

export function newOperatorKey(): string {
  return `tdm_test${randomBytes(6).toString('hex')}_${randomBytes(24).toString('hex')}`;
}
