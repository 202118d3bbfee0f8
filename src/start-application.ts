import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { TandemError } from './kernel/errors.js';
import { OperatorKeyService } from './partners/operator-key.service.js';
import type { Environment } from './platform/config/environment.js';
import { runMigrations } from './platform/database/data-source.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres/embedded-postgres.js';
import { Readiness } from './platform/health/readiness.js';
import { closeHttp, createHttpAdapter, prepareHttp, sendClientsAway } from './platform/http/http-server.js';
import { serveOpenApi } from './platform/http/openapi.js';
import { createPino, PinoLogger } from './platform/logging/pino-logger.js';
import { JobWorkers } from './platform/queue/job-workers.js';

export interface RunningApplication {
  /** Where the HTTP API answers. */
  readonly url: string;
  /** The operator key, only when this start made it. */
  readonly newOperatorKey: string | undefined;
  /** Finishes what is under way: first HTTP, then the workers, then the stores. */
  stop(): Promise<void>;
}

interface DatabaseServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the roles the environment asks for, on a schema that is up to date. `tell` shows progress to whoever waits. */
export async function startApplication(
  environment: Environment,
  tell: (step: string) => void = () => undefined,
): Promise<RunningApplication> {
  const logger = new PinoLogger(createPino({ level: environment.LOG_LEVEL, format: environment.LOG_FORMAT }));
  Logger.overrideLogger(logger);
  const database = await openDatabase(environment, tell);
  try {
    tell('Bringing the schema up to date');
    await runMigrations(database.url);
    tell('Starting the service');
    const app = await createApp(environment, database.url, logger);
    const newOperatorKey = await app.get(OperatorKeyService).ensure(environment.OPERATOR_KEY);
    await listen(app, environment);
    // A worker has no requests to wait for.
    const drainSeconds = environment.ROLE === 'worker' ? 0 : environment.DRAIN_SECONDS;
    return { url: await app.getUrl(), newOperatorKey, stop: () => stop(app, database, drainSeconds) };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase(environment: Environment, tell: (step: string) => void): Promise<DatabaseServer> {
  if (environment.DATABASE_URL) return { url: environment.DATABASE_URL, stop: () => Promise.resolve() };
  tell(`Starting PostgreSQL in ${environment.DATA_DIR}`);
  return startEmbeddedPostgres({
    dataDir: environment.DATA_DIR,
    log: (line) => Logger.warn(line, 'postgres'),
  });
}

async function createApp(
  environment: Environment,
  databaseUrl: string,
  logger: PinoLogger,
): Promise<NestFastifyApplication> {
  const settings = {
    databaseUrl,
    redisUrl: environment.REDIS_URL,
    poolSize: environment.DATABASE_POOL,
    worksQueue: environment.ROLE !== 'api',
    publicUrl: environment.PUBLIC_URL,
  };
  const options = { logger, bodyParser: false, abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(settings),
    createHttpAdapter({ trustedProxies: environment.TRUSTED_PROXIES }),
    options,
  );
  await prepareHttp(app, { servesApi: environment.ROLE !== 'worker' });
  serveOpenApi(app);
  return app;
}

async function listen(app: NestFastifyApplication, { PORT, HOST }: Environment): Promise<void> {
  try {
    await app.listen(PORT, HOST);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await app.close();
    throw new TandemError('operational', 'port.in-use', `Port ${PORT} is in use. Set PORT to another one.`);
  }
}

/**
 * Nest alone would close the stores while requests still come in, so HTTP is closed first and by hand; before that, whoever
 * sends requests is told to stop sending and has time to hear it. The workers finish meanwhile.
 */
async function stop(
  app: NestFastifyApplication,
  database: DatabaseServer,
  drainSeconds: number,
): Promise<void> {
  app.get(Readiness).announceStop();
  sendClientsAway(app);
  await Promise.all([sleep(drainSeconds * 1_000), app.get(JobWorkers).drain()]);
  await closeHttp(app);
  await app.close();
  await database.stop();
}
