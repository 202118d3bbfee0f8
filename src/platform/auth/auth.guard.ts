import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { forbidden, TandemError } from '../../kernel/errors.js';
import { ALLOWED_ROLES, type AuthenticatedRequest, PUBLIC_ROUTE } from './allow.decorator.js';
import type { Role } from './principal.js';
import { PrincipalResolver } from './principal-resolver.js';

interface Access {
  readonly isPublic: boolean;
  readonly roles: readonly Role[];
}

/** Every route is closed unless it says who may enter. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly accesses = new WeakMap<object, Access>();

  constructor(
    private readonly reflector: Reflector,
    private readonly principals: PrincipalResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { isPublic, roles } = this.accessOf(context);
    if (isPublic) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const principal = await this.principals.resolve(bearerToken(request.headers.authorization));
    if (!principal) throw unauthenticated();
    if (!roles.includes(principal.role)) {
      throw forbidden(`This needs a key with the role ${roles.join(' or ')}; yours is ${principal.role}.`);
    }
    request.principal = principal;
    return true;
  }

  /** What the route declares; looked up once, since reading metadata costs as much as the rest of the guard. */
  private accessOf(context: ExecutionContext): Access {
    const handler = context.getHandler();
    const known = this.accesses.get(handler);
    if (known) return known;
    const targets = [handler, context.getClass()];
    const access = {
      isPublic: this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets) ?? false,
      roles: this.reflector.getAllAndOverride<Role[] | undefined>(ALLOWED_ROLES, targets) ?? [],
    };
    this.accesses.set(handler, access);
    return access;
  }
}

function bearerToken(header: string | undefined): string {
  const [scheme, token] = (header ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' ? (token ?? '') : '';
}

function unauthenticated(): TandemError {
  return new TandemError('user', 'unauthenticated', 'Send a valid key as "Authorization: Bearer tdm_…".', {
    status: 401,
    title: 'Unauthenticated',
  });
}
