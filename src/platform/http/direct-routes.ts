import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { invalidRequest } from '../../kernel/errors.js';
import type { Principal } from '../auth/principal.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { toFieldErrors } from './request-validation.pipe.js';

/** A POST route of a controller that is called directly, with what its decorators would have handed to it. */
export interface DirectRoute<Body> {
  readonly url: string;
  /** The class and the method that carry the decorators: who may enter is said there and nowhere else. */
  readonly controller: object;
  readonly method: object;
  readonly body: z.ZodType<Body>;
  readonly status: number;
  answer(principal: Principal, body: Body, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/**
 * Takes single routes past Nest's pipeline: its contexts, observables and a promise per parameter cost a fifth of a redemption
 * (docs/adr/0046). The same guard, schema and problems as everywhere; only for routes that carry their own key, since
 * `Idempotency-Key` is not looked at.
 */
@Injectable()
export class DirectRoutes {
  private readonly routes = new Map<string, DirectRoute<unknown>>();

  constructor(
    private readonly guard: AuthGuard,
    private readonly problems: ProblemFilter,
  ) {}

  add<Body>(route: DirectRoute<Body>): void {
    this.routes.set(route.url, route);
  }

  /** Call before Nest registers its routes: theirs stay as they are, only their handlers are exchanged. */
  attach(fastify: FastifyInstance): void {
    const undeclared = new Set(this.routes.keys());
    fastify.addHook('onRoute', (declared) => {
      const route = declared.method === 'POST' ? this.routes.get(declared.url) : undefined;
      if (!route) return;
      declared.handler = (request, reply) => this.handle(route, request, reply);
      undeclared.delete(route.url);
    });
    // A path that was renamed in one place only would quietly take the long way.
    fastify.addHook('onReady', (done) => {
      done(undeclared.size > 0 ? new Error(`no POST route ${[...undeclared].join(', ')}`) : undefined);
    });
  }

  private async handle(
    route: DirectRoute<unknown>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    try {
      const principal = await this.guard.admit(request.headers.authorization, route.method, route.controller);
      const parsed = route.body.safeParse(request.body);
      if (!parsed.success) throw invalidRequest(toFieldErrors(parsed.error.issues));
      const answer = await route.answer(principal, parsed.data, request, reply);
      await reply.status(route.status).send(answer);
    } catch (error) {
      this.problems.answer(error, request, reply);
    }
  }
}
