import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest } from '../../kernel/errors.js';
import { DirectRoutes } from './direct-routes.js';
import { parseJsonBody } from './json-body.js';
import { toProblem } from './problem.js';

const BODY_LIMIT = 1024 * 1024;
/** An answer is data: whatever is in it, a browser must neither guess its type nor run, frame or load anything for it. */
const HEADERS_OF_JSON = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
/** Paths that a process without the api role answers too. */
const OPERATIONS = /^\/(health\/|metrics$)/;

/** `trustedProxies`: addresses or networks whose X-Forwarded-For is believed; none means that a request comes from where it comes. */
export function createHttpAdapter({
  trustedProxies = [],
}: { readonly trustedProxies?: readonly string[] } = {}): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT,
    // Behind a load balancer an idle connection must outlive the balancer's own timeout of 60 s.
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // A request that comes in on an open connection while we stop is answered, and its connection closed.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100 },
    // What is refused before there is a route comes by no filter of ours.
    frameworkErrors: (_error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = toProblem(invalidRequest([{ pointer: '', detail: 'The path is not a valid one.' }]));
      void reply.status(400).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
    },
  });
}

/** Prepares the HTTP edge; call before the application is initialised, with Nest's own body parser off. */
export async function prepareHttp(
  app: NestFastifyApplication,
  options: { servesApi: boolean },
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      // A DELETE or an action such as "pause" may come with an empty body.
      done(null, body.length === 0 ? undefined : parseJsonBody(textOf(body as Buffer)));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  fastify.addContentTypeParser('text/csv', { parseAs: 'string' }, (request, body, done) => {
    const [path] = request.url.split('?');
    if (path?.endsWith('.csv')) done(null, String(body));
    else done(Object.assign(new Error('CSV is for routes that end with .csv'), { statusCode: 415 }));
  });
  // Pages ask for helmet themselves (docs-page.ts). Working its fifteen headers out cost a tenth of a redemption's time, and none of
  // them means anything to a till that reads JSON.
  await app.register(helmet, { global: false });
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(HEADERS_OF_JSON);
    done();
  });
  app.get(DirectRoutes, { strict: false }).attach(fastify);
  if (!options.servesApi) {
    fastify.addHook('onRequest', async (request, reply) => {
      if (!OPERATIONS.test(request.url)) await reply.status(404).send();
    });
  }
}

/** Decoding alone would put a replacement character in the place of what is broken, and store a name that nobody sent. */
function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw invalidRequest([{ pointer: '', detail: 'The body is not valid UTF-8.' }]);
  return body.toString();
}

/** A connection whose answer was under way becomes idle a moment later and would be kept open for the whole keep-alive time. */
const CLOSE_IDLE_EVERY_MS = 25;

/** A stalled download must not keep the workers from finishing their jobs before the process is killed. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Answers every request from now on with the end of its connection. A kept connection that we close by ourselves may have the
 * next request on its way already, and nobody could tell whether it was done.
 */
export function sendClientsAway(app: NestFastifyApplication): void {
  const { server } = app.getHttpAdapter().getInstance();
  server.prependListener('request', (_request: unknown, response: ServerResponse) =>
    response.setHeader('connection', 'close'),
  );
}

/** Stops taking requests and waits for those under way. */
export async function closeHttp(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const timer = setInterval(() => fastify.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const giveUp = setTimeout(() => fastify.server.closeAllConnections(), ANSWER_WITHIN_MS);
  await fastify.close();
  clearInterval(timer);
  clearTimeout(giveUp);
}
