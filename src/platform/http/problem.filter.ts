import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidRequest, notFound, TandemError } from '../../kernel/errors.js';
import { toProblem } from './problem.js';

/** The one place where an error becomes an HTTP answer. A healthy day logs no error here. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
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

/** Names that Fastify gives to bodies it refuses to read. */
const BODY_ERRORS: Record<string, { status: number; title: string; code: string; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    title: 'Content too large',
    code: 'request.too-large',
    detail: 'The body may have at most 1 MiB.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    code: 'request.media-type',
    detail: 'Send application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    title: 'Invalid request',
    code: 'request.invalid',
    detail: 'The body is empty.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    title: 'Invalid request',
    code: 'request.invalid',
    detail: 'The body is not as long as Content-Length says.',
  },
};

function toTandemError(thrown: unknown): TandemError {
  if (thrown instanceof TandemError) return thrown;
  const code = (thrown as { code?: string } | null)?.code;
  const body = code === undefined ? undefined : BODY_ERRORS[code];
  if (body)
    return new TandemError('user', body.code, body.detail, { status: body.status, title: body.title });
  const status =
    thrown instanceof HttpException
      ? thrown.getStatus()
      : (thrown as { statusCode?: number } | null)?.statusCode;
  if (status === 404) return notFound();
  if (status !== undefined && status >= 400 && status < 500)
    return invalidRequest([{ pointer: '', detail: String((thrown as Error).message) }]);
  return new TandemError('unexpected', 'internal', 'Something went wrong on our side. It has been logged.', {
    status: 500,
    title: 'Internal error',
  });
}
