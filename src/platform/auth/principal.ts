export const PARTNER_ROLES = ['admin', 'marketer', 'finance', 'pos'] as const;
export type PartnerRole = (typeof PARTNER_ROLES)[number];
export type Role = 'operator' | PartnerRole;

/** The operator: runs the service, sees every partner. */
export interface OperatorPrincipal {
  readonly keyId: string;
  readonly role: 'operator';
  readonly partnerId: null;
}

/** Someone at one partner; a pos key may be bound to one channel. */
export interface PartnerPrincipal {
  readonly keyId: string;
  readonly role: PartnerRole;
  readonly partnerId: string;
  readonly channelId: string | null;
}

/** Who is asking, resolved once per request and handed to every repository method that reads or writes a partner's data. */
export type Principal = OperatorPrincipal | PartnerPrincipal;
