import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { forbidden, TandemError } from '../../kernel/errors.js';
import { ALLOWED_ROLES, type AuthenticatedRequest, PUBLIC_ROUTE } from './allow.decorator.js';
import type { Principal, Role } from './principal.js';
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
    const [handler, controller] = [context.getHandler(), context.getClass()];
    if (this.accessOf(handler, controller).isPublic) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    request.principal = await this.admit(request.headers.authorization, handler, controller);
    return true;
  }

  /** Who presents this key, if a route with these decorators lets them in. Throws 401 and 403. */
  async admit(authorization: string | undefined, handler: object, controller: object): Promise<Principal> {
    const { roles } = this.accessOf(handler, controller);
    const principal = await this.principals.resolve(bearerToken(authorization));
    if (!principal) throw unauthenticated();
    if (!roles.includes(principal.role)) {
      throw forbidden(`This needs a key with the role ${roles.join(' or ')}; yours is ${principal.role}.`);
    }
    return principal;
  }

  /** What the route declares; looked up once, since reading metadata costs as much as the rest of the guard. */
  private accessOf(handler: object, controller: object): Access {
    const known = this.accesses.get(handler);
    if (known) return known;
    const targets = [handler, controller] as Parameters<Reflector['getAllAndOverride']>[1];
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
