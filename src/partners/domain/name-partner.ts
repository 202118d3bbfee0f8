/** Whose data somebody asks for: one partner's, one that the caller may not see, or none where one has to be named. */
export type NamedPartner =
  | { readonly kind: 'partner'; readonly partnerId: string }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unnamed' };

/**
 * A partner sees its own data, whether it names itself or not; the operator, who has no partner, sees everybody's and has to
 * say whose.
 */
export function namePartner(ownId: string | null, asked: string | undefined): NamedPartner {
  const partnerId = ownId ?? asked;
  if (partnerId === undefined) return { kind: 'unnamed' };
  return asked === undefined || asked === partnerId ? { kind: 'partner', partnerId } : { kind: 'foreign' };
}
