import { notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';

/** The operator may look at every partner, a partner's key only at its own: for it the others do not exist. */
export function assertMaySee(principal: Principal, partnerId: string): void {
  if (principal.role !== 'operator' && principal.partnerId !== partnerId) throw notFound();
}
