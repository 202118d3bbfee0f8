import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { forbidden, TandemError } from '../../kernel/errors.js';
import { ALLOWED_ROLES, type AuthenticatedRequest, PUBLIC_ROUTE } from './allow.decorator.js';
import type { Role } from './principal.js';
import { PrincipalResolver } from './principal-resolver.js';

/** Every route is closed unless it says who may enter. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: PrincipalResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, targets)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const principal = await this.principals.resolve(bearerToken(request.headers.authorization));
    if (!principal) throw unauthenticated();
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(ALLOWED_ROLES, targets) ?? [];
    if (!allowed.includes(principal.role)) {
      throw forbidden(`This needs a key with the role ${allowed.join(' or ')}; yours is ${principal.role}.`);
    }
    request.principal = principal;
    return true;
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
