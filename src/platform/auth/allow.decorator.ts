import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Principal, Role } from './principal.js';

export const ALLOWED_ROLES = 'allowedRoles';
export const PUBLIC_ROUTE = 'publicRoute';

/** The roles that may call a route. A route with neither this nor `@Public()` is closed to everybody. */
export const Allow = (...roles: [Role, ...Role[]]) => SetMetadata(ALLOWED_ROLES, roles);

/** A route that needs no key (health, documentation). */
export const Public = () => SetMetadata(PUBLIC_ROUTE, true);

export interface AuthenticatedRequest {
  principal: Principal;
}

/** The principal of the request, as a controller parameter. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<AuthenticatedRequest>().principal,
);
