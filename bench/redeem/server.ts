import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { OperatorKeyService } from '../../src/partners/operator-key.service.js';
import { readEnvironment } from '../../src/platform/config/environment.js';
import { closeHttp, createHttpAdapter, prepareHttp } from '../../src/platform/http/http-server.js';
import { NaiveRedeemer, type NaiveRequest } from './naive-redeemer.js';

/*
 * Tandem's API as it is, with two routes beside it on the same HTTP server: `/bench/empty` reads the same body and does nothing
 * (the ceiling of HTTP on this machine), `/bench/naive` is the design everybody writes first. The worker is off.
 */
const environment = readEnvironment();
if (!environment.DATABASE_URL) throw new Error('the bench server needs DATABASE_URL');
const settings = {
  databaseUrl: environment.DATABASE_URL,
  redisUrl: undefined,
  poolSize: environment.DATABASE_POOL,
  worksQueue: false,
};
const app = await NestFactory.create<NestFastifyApplication>(
  AppModule.register(settings),
  createHttpAdapter(),
  {
    logger: ['error'],
    bodyParser: false,
  },
);
await prepareHttp(app, { servesApi: true });
const naive = new NaiveRedeemer(environment.DATABASE_URL, environment.DATABASE_POOL);
const fastify = app.getHttpAdapter().getInstance();
fastify.post('/bench/empty', (_request, reply) => reply.status(201).send({ status: 'accepted' }));
fastify.post('/bench/naive', async (request, reply) => {
  const status = await naive.redeem(request.body as NaiveRequest);
  return reply.status(201).send({ status });
});
await app.get(OperatorKeyService).ensure(environment.OPERATOR_KEY);
await app.listen(0, '127.0.0.1');
process.stdout.write(`listening at ${await app.getUrl()}\n`);

process.on('SIGTERM', () => {
  void closeHttp(app)
    .then(() => app.close())
    .then(() => naive.close())
    .then(() => process.exit(0));
});
