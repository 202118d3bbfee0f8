import { createHmac } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { invalidRequest, unprocessable } from '../../kernel/errors.js';
import type { AuthenticatedRequest } from '../auth/allow.decorator.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/tx.js';
import { type IdempotencyClaim, IdempotencyRepository } from './idempotency.repository.js';

const NATURAL_KEY = 'naturalKey';
const SHOWN_ONCE = 'shownOnce';

/** Marks a route whose body carries its own permanent key (externalId), or that changes nothing: the header is ignored there. */
export const HasNaturalKey = () => SetMetadata(NATURAL_KEY, true);

/** Names a field of the answer that is shown once and must not be stored; a replay leaves it out. */
export const ShownOnce = (field: string) => SetMetadata(SHOWN_ONCE, field);

const KEPT_HEADERS = ['etag', 'location'] as const;

/** Honours `Idempotency-Key` on every POST: the effects and the stored answer commit together. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    private readonly keys: IdempotencyRepository,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || this.has(NATURAL_KEY, context))
      return next.handle();
    const claim = toClaim(request, String(key));
    return from(this.database.transaction((tx) => this.once(tx, claim, context, next)));
  }

  private async once(
    tx: Tx,
    claim: IdempotencyClaim,
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const stored = await this.keys.claim(tx, claim);
    if (stored) {
      if (!stored.fingerprint.equals(claim.fingerprint)) {
        throw unprocessable('idempotency-key.reused', 'This Idempotency-Key was used for another request.');
      }
      void reply.status(stored.status).headers({ ...stored.headers, 'idempotency-replayed': 'true' });
      return stored.body;
    }
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (reply.getHeader(name) ? [[name, String(reply.getHeader(name))]] : [])),
    );
    await this.keys.store(tx, claim, {
      status: reply.statusCode,
      headers,
      body: this.withoutSecret(body, context),
    });
    return body;
  }

  private withoutSecret(body: unknown, context: ExecutionContext): unknown {
    const field = this.reflector.get<string | undefined>(SHOWN_ONCE, context.getHandler());
    if (field === undefined || typeof body !== 'object' || body === null) return body;
    return Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
  }

  private has(metadata: string, context: ExecutionContext): boolean {
    return this.reflector.get<boolean | undefined>(metadata, context.getHandler()) ?? false;
  }
}

function toClaim(request: FastifyRequest & AuthenticatedRequest, key: string): IdempotencyClaim {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidRequest([
      { pointer: '', detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters' },
    ]);
  }
  const route = `${request.method} ${request.url}`;
  // A body may name a customer. Keyed by the caller's secret, which is stored nowhere, nobody can try names against a stolen table.
  const fingerprint = createHmac('sha256', request.headers.authorization ?? '')
    .update(route)
    .update('\n')
    .update(JSON.stringify(request.body ?? null))
    .digest();
  return { owner: request.principal.partnerId ?? 'operator', key, route, fingerprint };
}
