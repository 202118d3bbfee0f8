import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest, notFound, TandemError } from '../../kernel/errors.js';
import { toProblem } from './problem.js';

/** The one place where an error becomes an HTTP answer. A healthy day logs no error here. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = toTandemError(thrown);
    this.log(error, thrown, request);
    const problem = toProblem(error);
    const retryAfter = error.details?.retryAfterSeconds;
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(problem.status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problem));
  }

  private log(error: TandemError, thrown: unknown, request: FastifyRequest): void {
    const line = `${request.method} ${request.routeOptions.url ?? 'unknown route'}: ${error.code}`;
    if (error.kind === 'unexpected')
      this.logger.error(line, thrown instanceof Error ? thrown.stack : String(thrown));
    else if (error.kind === 'operational')
      this.logger.warn(`${line} (${String((error.cause as Error | undefined)?.message ?? error.message)})`);
  }
}

/** What Fastify and Nest refuse by status before a controller is reached, in our words. */
const REFUSALS: Readonly<Record<number, { title: string; code: string; detail: string }>> = {
  413: { title: 'Content too large', code: 'request.too-large', detail: 'The body may have at most 1 MiB.' },
  415: { title: 'Unsupported media type', code: 'request.media-type', detail: 'Send application/json.' },
};

function toTandemError(thrown: unknown): TandemError {
  if (thrown instanceof TandemError) return thrown;
  const status = statusOf(thrown);
  const refusal = REFUSALS[status];
  if (refusal) return new TandemError('user', refusal.code, refusal.detail, { status, title: refusal.title });
  if (status === 404) return notFound();
  if (status >= 400 && status < 500)
    return invalidRequest([{ pointer: '', detail: String((thrown as Error).message) }]);
  return new TandemError('unexpected', 'internal', 'Something went wrong on our side. It has been logged.', {
    status: 500,
    title: 'Internal error',
  });
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return (thrown as { statusCode?: number } | null)?.statusCode ?? 500;
}
