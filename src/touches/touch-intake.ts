import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidRequest, notFound } from '../kernel/errors.js';
import { type CustomerLookup, PartnerDirectory } from '../partners/partner-directory.read-model.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { checkTouch } from './domain/check-touch.js';
import type { TouchInput } from './domain/touch.js';
import type { TouchCandidate, TouchFault } from './domain/settle-touches.js';
import { type KeyedPlacement, TouchPlacementRepository } from './touch-placement.repository.js';

/** A posted item and who its customer is; null when it names none. */
export type IdentifiedTouch =
  | { readonly kind: 'read'; readonly posted: TouchInput; readonly customer: CustomerLookup | null }
  | TouchFault;

const FINGERPRINT_HEX_DIGITS = 32;

/** Turns posted items into touches that could be stored. */
@Injectable()
export class TouchIntake {
  constructor(
    private readonly directory: PartnerDirectory,
    private readonly placements: TouchPlacementRepository,
    private readonly clock: Clock,
  ) {}

  /** Finds out who the customers are; call before opening a transaction. */
  async identify(partnerId: string, items: readonly (TouchInput | TouchFault)[]): Promise<IdentifiedTouch[]> {
    return Promise.all(
      items.map(async (posted) => {
        if ('error' in posted) return posted;
        const customer = posted.customer ? await this.directory.customer(partnerId, posted.customer) : null;
        return { kind: 'read' as const, posted, customer };
      }),
    );
  }

  /** Checks each item with one question for all of them; one candidate for each, in order. */
  async check(
    tx: Tx,
    principal: PartnerPrincipal,
    items: readonly IdentifiedTouch[],
  ): Promise<TouchCandidate[]> {
    const asked = new Set(items.flatMap((item) => (item.kind === 'read' ? item.posted.placementId : [])));
    const placements = await this.placements.find(tx, principal, [...asked]);
    return items.map((item) =>
      item.kind === 'fault'
        ? item
        : this.toCandidate(item, placements.get(item.posted.placementId), principal),
    );
  }

  private toCandidate(
    { posted, customer }: IdentifiedTouch & { readonly kind: 'read' },
    keyed: KeyedPlacement | undefined,
    { partnerId, channelId }: PartnerPrincipal,
  ): TouchCandidate {
    const { externalId, kind, occurredAt } = posted;
    if (!keyed) return { kind: 'fault', externalId, error: notFound() };
    const poster = { partnerId, boundChannelId: channelId, now: this.clock.now() };
    const error = checkTouch(occurredAt, keyed.placement, poster);
    if (error) return { kind: 'fault', externalId, error };
    if (customer?.kind === 'faulty') {
      const fault = { pointer: `/customer/${customer.field}`, detail: customer.detail };
      return { kind: 'fault', externalId, error: invalidRequest([fault]) };
    }
    const known = customer?.customer;
    const matchId = known?.matchIdOf(keyed.customerKey) ?? null;
    const fingerprint = touchFingerprint(posted, known?.id ?? null);
    const id = this.clock.newId();
    const { placement } = keyed;
    return { kind: 'ready', touch: { id, externalId, fingerprint, placement, kind, matchId, occurredAt } };
  }
}

/** Equal for the same touch however its JSON was spelled; personal data enters only as the hashed customer id. */
function touchFingerprint({ placementId, kind, occurredAt }: TouchInput, customerId: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([placementId, kind, occurredAt, customerId]))
    .digest('hex')
    .slice(0, FINGERPRINT_HEX_DIGITS);
}
